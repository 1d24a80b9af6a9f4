-- Bytes of texts, eight at a time; the first byte is the lowest of a word on every machine that NGINX's Lua compiles for. Positions count from 0.
local bit = require "bit"
local ffi = require "ffi"
local band, bnot, bor, bxor, rshift, tonumber = bit.band, bit.bnot, bit.bor, bit.bxor, bit.rshift, tonumber
local byte, cast = string.byte, ffi.cast

ffi.cdef [[int mcpgw_memcmp(const void *, const void *, size_t) __asm__("memcmp");]]
-- Resolved once: LuaJIT aborts a trace that looks up a C function.
local memcmp = ffi.C.mcpgw_memcmp
local BYTES, WORD = ffi.typeof("const uint8_t *"), ffi.typeof("const uint64_t *")

-- The same byte eight times.
local ONE, HIGH, SPACE = 0x0101010101010101ULL, 0x8080808080808080ULL, 0x2020202020202020ULL
local QUOTE, BACKSLASH = 0x2222222222222222ULL, 0x5c5c5c5c5c5c5c5cULL
local ZEROS, LOW, BELOW_TEN = 0x3030303030303030ULL, 0x7f7f7f7f7f7f7f7fULL, 0x7676767676767676ULL

-- Sets the high bit of each byte that has a meaning in a JSON string; after the first of them, possibly of other bytes too (a borrow).
local function marks(bytes, at)
  local word = cast(WORD, bytes + at)[0]
  local quote, backslash = bxor(word, QUOTE), bxor(word, BACKSLASH)
  return band(bor(word, band(word - SPACE, bnot(word)), band(quote - ONE, bnot(quote)), band(backslash - ONE, bnot(backslash))), HIGH)
end

-- The same for the bytes that are not digits.
local function marksOfNonDigits(bytes, at)
  local value = bxor(cast(WORD, bytes + at)[0], ZEROS)
  return band(bor(value, band(value, LOW) + BELOW_TEN), HIGH)
end

-- How many bytes precede the first mark: the lowest bit of each, added up in the highest byte.
local function count(found) return tonumber(rshift(band(found - 1ULL, bnot(found), ONE) * ONE, 56)) - 1 end

-- A loop with few iterations slows down the code around it more than it costs itself: short texts are read without one.
local function longEnd(text, from)
  local bytes, length, at = cast(BYTES, text), #text, from
  while at + 8 <= length do
    local found = marks(bytes, at)
    if found ~= 0ULL then return at + count(found) end
    at = at + 8
  end
  while at < length and bytes[at] >= 32 and bytes[at] < 128 and bytes[at] ~= 34 and bytes[at] ~= 92 do at = at + 1 end
  return at
end
local function longDigitsEnd(text, from)
  local at, sign = from, byte(text, from + 1)
  while sign and sign >= 48 and sign <= 57 do
    at = at + 1
    sign = byte(text, at + 1)
  end
  return at
end
local function digitsEnd(text, from)
  if from + 8 <= #text then
    local found = marksOfNonDigits(cast(BYTES, text), from)
    if found ~= 0ULL then return from + count(found) end
  end
  local at = longDigitsEnd(text, from)
  return at
end

local NONE = 0 / 0
local M = {}
function M.byteAt(text, at) return byte(text, at + 1) or NONE end
function M.plainEnd(text, from)
  if from + 16 <= #text then
    local bytes = cast(BYTES, text)
    local found = marks(bytes, from)
    if found ~= 0ULL then return from + count(found) end
    found = marks(bytes, from + 8)
    if found ~= 0ULL then return from + 8 + count(found) end
  end
  local at = longEnd(text, from)
  return at
end
function M.decimalEnd(text, from)
  local at = digitsEnd(text, from)
  if byte(text, at + 1) ~= 46 then return at end
  local last = digitsEnd(text, at + 1)
  return last > at + 1 and last or at
end
function M.isSameAt(text, at, earlier, length)
  local bytes = cast(BYTES, text)
  return at + length <= #text and memcmp(bytes + at, bytes + earlier, length) == 0
end
return M
