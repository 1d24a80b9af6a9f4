local byte, find, format, gsub = string.byte, string.find, string.format, string.gsub

local SHORT = { ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
local function escape(sign) return SHORT[sign] or format("\\u%04x", byte(sign)) end

local M = {}
function M.quote(text)
  if find(text, '[%z\1-\31"\\]') then text = gsub(text, '[%z\1-\31"\\]', escape) end
  return '"' .. text .. '"'
end
return M
