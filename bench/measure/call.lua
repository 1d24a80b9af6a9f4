-- wrk: one tools/call per request, each with a unique id. Arguments: header lines; "body=<file>" sends that body instead; "keys=<file>" uses
-- the keys of its lines in turn.
local next_id, body, keys = 0, nil, nil

function init(args)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Accept"] = "application/json, text/event-stream"
  for _, line in ipairs(args) do
    local name, value = line:match("^([^:]+): (.*)$")
    if name then wrk.headers[name] = value end
    local file = line:match("^body=(.*)$")
    if file then body = io.open(file, "rb"):read("*a") end
    local list = line:match("^keys=(.*)$")
    if list then
      keys = {}
      for key in io.lines(list) do keys[#keys + 1] = "Bearer " .. key end
    end
  end
end

function request()
  next_id = next_id + 1
  if keys then wrk.headers["Authorization"] = keys[next_id % #keys + 1] end
  if body then return wrk.format(nil, nil, nil, body) end
  return wrk.format(nil, nil, nil, string.format(
    '{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"echo","arguments":{"message":"hello from the bench"}}}', next_id))
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format('REPORT {"requests":%d,"durationUs":%d,"p50Us":%d,"p99Us":%d,"errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
