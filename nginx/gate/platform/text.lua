local byte, find, format, gsub, sub = string.byte, string.find, string.format, string.gsub, string.sub

local SHORT = { ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
local function escape(sign) return SHORT[sign] or format("\\u%04x", byte(sign)) end

local M = {}
function M.quote(text)
  if find(text, '[%z\1-\31"\\]') then text = gsub(text, '[%z\1-\31"\\]', escape) end
  return '"' .. text .. '"'
end
function M.lastIndexOf(text, part)
  local length = #part
  for at = #text - length + 1, 1, -1 do
    if sub(text, at, at + length - 1) == part then return at - 1 end
  end
  return -1
end
return M
