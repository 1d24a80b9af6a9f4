local byte, find, format, gsub, sub = string.byte, string.find, string.format, string.gsub, string.sub

local SHORT = { ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
local function escape(sign) return SHORT[sign] or format("\\u%04x", byte(sign)) end

local M = {}
-- Names recur, and LuaJIT compiles no patterns: quoted names are cached, at most this many and up to this length.
local MAX_KNOWN, MAX_LENGTH = 2000, 128
local known, count = {}, 0
function M.quote(text)
  local before = known[text]
  if before then return before end
  local quoted = text
  if find(text, '[%z\1-\31"\\]') then quoted = gsub(text, '[%z\1-\31"\\]', escape) end
  quoted = '"' .. quoted .. '"'
  if #text > MAX_LENGTH then return quoted end
  if count >= MAX_KNOWN then known, count = {}, 0 end
  known[text], count = quoted, count + 1
  return quoted
end
function M.lastIndexOf(text, part)
  local length = #part
  for at = #text - length + 1, 1, -1 do
    if sub(text, at, at + length - 1) == part then return at - 1 end
  end
  return -1
end
-- With all digits of a double; the exponent without leading zeros.
function M.writeNumber(text)
  local value = tonumber(text)
  if value == 0 then value = 0 end
  return (gsub(format("%.16e", value), "e([+-])0*(%d)", "e%1%2"))
end
return M
