-- The code that the NGINX of the tests runs: the records and the streams, queried by lines. Each answer is one word.
local platform = require("platform/system").platform
local module = require "records"
local folder, inotify = GATE_FOLDER, GATE_INOTIFY
local overflows, broken = 0, nil

local M = {}
local message = platform.checkStart()
if message then error(message, 0) end

local drain = platform.drainQueue
platform.drainQueue = function(queue, handle)
  if ngx.worker.exiting() then ngx.log(ngx.NOTICE, "read the queue while shutting down") end
  return drain(queue, function(watch, event, name)
    if event == "overflow" then overflows = overflows + 1 end
    handle(watch, event, name)
  end)
end

local records = module.createRecords { platform = platform, folder = folder, inotify = inotify }

local function judge(sha256, server, path)
  local gate = records.gate()
  if not gate.ok then return "gate_" .. gate.reason end
  if gate.killed then return "killed" end
  local key = records.key(sha256)
  if not key.ok then return "key_" .. key.reason end
  if not key.enabled then return "disabled" end
  local granted = false
  for _, grant in ipairs(key.access.grants) do granted = granted or grant.server == path end
  if not granted then return "not_granted" end
  local found = records.server(server)
  if not found.ok then return "server_" .. found.reason end
  if not found.on then return "off" end
  return "yes"
end

local streams = module.createStreams { platform = platform, records = records,
  isAllowed = function(stream) return judge(stream.sha256, stream.serverId, stream.path) == "yes" end }

function M.initWorker()
  broken = platform.checkWorker() or streams.startWorker()
  if broken then ngx.log(ngx.ALERT, "the gate cannot run: ", broken) return end
  records.startWorker()
end

-- Lines on one connection: a request that outlives a reload, so that a worker that is shutting down can be queried too.
function M.lines()
  local socket = assert(ngx.req.socket(true))
  socket:settimeout(600000)
  socket:send("pid " .. ngx.worker.pid() .. "\n")
  while true do
    local line = socket:receive("*l")
    if not line then return end
    local word, one, two = line:match("^(%S+) ?(%S*) ?(%S*)$")
    local answer
    if word == "ask" then
      records.refresh()
      answer = judge(one, two, two)
    elseif word == "stats" then
      collectgarbage() collectgarbage()
      answer = table.concat({ records.mode(), overflows, streams.count(), math.floor(collectgarbage("count")), tostring(ngx.worker.exiting()) }, " ")
    elseif word == "time" then
      -- Microseconds of CPU time per round: refresh and the three checks.
      local rounds = tonumber(one)
      local from = os.clock()
      for _ = 1, rounds do records.refresh() judge(two, "s0", "s0") end
      answer = string.format("%.3f", (os.clock() - from) / rounds * 1e6)
    end
    socket:send(answer .. "\n")
  end
end

function M.once()
  if broken then ngx.status = 503 ngx.say(broken) return end
  ngx.req.read_body()
  records.refresh()
  ngx.say(judge(ngx.var.arg_key, ngx.var.arg_server, ngx.var.arg_server))
end

function M.stream()
  if broken then ngx.status = 503 ngx.say(broken) return end
  records.refresh()
  local key, server = ngx.var.arg_key, ngx.var.arg_server
  local answer = judge(key, server, server)
  if answer ~= "yes" then ngx.status = 403 ngx.say(answer) return end
  local refused = streams.open { sha256 = key, agent = "a", serverId = server, path = server }
  if refused then ngx.status = 503 ngx.say(refused) return end
  return ngx.exec("/upstream")
end
M.close = streams.close
return M
