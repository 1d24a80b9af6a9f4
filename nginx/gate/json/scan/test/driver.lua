-- Scans bodies and prints the results, then the size of the heap: for unit tests. Standard input: each body, preceded by its length and a line
-- break.
local scanner = assert(loadfile(arg[1]))()
local limits = scanner.SCAN_LIMITS
limits.hashSeed = tonumber(arg[2])

local function hex(text)
  if text == nil then return "-" end
  return "=" .. text:gsub(".", function(byte) return ("%02x"):format(byte:byte()) end)
end

local function scan(body)
  local found = scanner.scanBody(body, limits)
  local line = { found.reason or (found.isBatch and "batch" or "single"), hex(found.id), scanner.countSteps() }
  for _, m in ipairs(found.messages or {}) do
    local fields = { m.kind, hex(m.method), hex(m.id), hex(m.name), hex(m.uri), hex(m.refName), hex(m.refUri), hex(m.version) }
    fields[#fields + 1] = tostring(m.isFilterUnclear)
    for _, uri in ipairs(m.uris or {}) do fields[#fields + 1] = hex(uri) end
    line[#line + 1] = table.concat(fields, " ")
  end
  print(table.concat(line, ";"))
end

for length in io.lines() do scan(io.read(tonumber(length)) or "") end
collectgarbage()
collectgarbage()
print(collectgarbage("count"))
