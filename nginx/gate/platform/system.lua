-- The module `platform/system`: see types.d.ts.
local digest, files = require "platform/digest", require "platform/files"
local inotify, connection = require "platform/inotify", require "platform/connection"
local lock, counter_file = require "platform/lock", require "platform/counter-file"
local has_json, cjson = pcall(require, "cjson.safe")
local ngx = ngx

local P = {}
for _, part in ipairs { digest, files, inotify, connection, lock, counter_file } do
  for name, value in pairs(part) do if name ~= "check" then P[name] = value end end
end

local json
if has_json then
  json = cjson.new()
  json.decode_max_depth(64)
  json.decode_invalid_numbers(false)
  P.jsonNull = json.null
end
function P.readFile(path, max) return files.readFile(path, max) end
function P.readJson(path, max)
  local text, signature, recent = files.readFile(path, max, true)
  if not text then return nil, signature, recent end
  local value, message = json.decode(text)
  return signature, recent, #text, value, message
end

function P.checkStart()
  if not has_json then return "the Lua module cjson is missing: install lua-cjson" end
  return digest.check() or files.check() or inotify.check() or lock.check()
end

local LEVELS = ngx and { error = ngx.ERR, warn = ngx.WARN, notice = ngx.NOTICE }
function P.log(level, message)
  if ngx then ngx.log(LEVELS[level], message) else io.stderr:write(level, ": ", message, "\n") end
end
P.now = ngx and ngx.now or os.time
function P.stepCollector(kilobytes) collectgarbage("step", kilobytes) end
function P.countKilobytes() return collectgarbage("count") end

return { platform = P }
