-- SHA-256, HMAC and CRC-32. The low-level functions of libcrypto, because OpenSSL 3's EVP interface allocates for each digest.
local bit, ffi = require "bit", require "ffi"
ffi.cdef [[
typedef struct { uint32_t h[8]; uint32_t bits_low, bits_high; uint32_t data[16]; unsigned used, digest_length; } mcpgw_sha256;
int mcpgw_sha256_init(mcpgw_sha256 *) __asm__("SHA256_Init");
int mcpgw_sha256_update(mcpgw_sha256 *, const char *, size_t) __asm__("SHA256_Update");
int mcpgw_sha256_final(unsigned char *, mcpgw_sha256 *) __asm__("SHA256_Final");
int mcpgw_compare(const char *, const char *, size_t) __asm__("CRYPTO_memcmp");
int mcpgw_random(void *, size_t, unsigned) __asm__("getrandom");
]]
local C = ffi.C
local M = {}

-- NGINX has already loaded libcrypto; standalone luajit has not.
local lib = C
if not pcall(function() return C.mcpgw_sha256_init end) then
  local ok, found = pcall(ffi.load, "libcrypto.so.3")
  lib = ok and found or nil
end

local SIZE = ffi.sizeof("mcpgw_sha256")
local state, digest = ffi.new("mcpgw_sha256"), ffi.new("unsigned char[32]")
local digits, digit_pairs = ffi.new("uint16_t[32]"), ffi.new("uint16_t[256]")
for i = 0, 255 do
  local text = string.format("%02x", i)
  digit_pairs[i] = text:byte(1) + text:byte(2) * 256
end
if ffi.abi("be") then for i = 0, 255 do digit_pairs[i] = bit.rshift(bit.bswap(digit_pairs[i]), 16) end end

local function hex(count)
  for i = 0, count - 1 do digits[i] = digit_pairs[digest[i]] end
  return ffi.string(digits, 2 * count)
end

local function sha256(text)
  lib.mcpgw_sha256_init(state)
  lib.mcpgw_sha256_update(state, text, #text)
  lib.mcpgw_sha256_final(digest, state)
end

function M.sha256Hex(text)
  sha256(text)
  return hex(32)
end

local function padded_state(key, pad)
  local block, padded = ffi.new("char[64]"), ffi.new("mcpgw_sha256")
  for i = 0, 63 do block[i] = bit.bxor(key:byte(i + 1) or 0, pad) end
  lib.mcpgw_sha256_init(padded)
  lib.mcpgw_sha256_update(padded, block, 64)
  return padded
end

function M.createMac(key)
  if #key > 64 then
    sha256(key)
    key = ffi.string(digest, 32)
  end
  return { padded_state(key, 0x36), padded_state(key, 0x5c) }
end

function M.macHex(mac, head, tail, bytes)
  ffi.copy(state, mac[1], SIZE)
  lib.mcpgw_sha256_update(state, head, #head)
  lib.mcpgw_sha256_update(state, tail, #tail)
  lib.mcpgw_sha256_final(digest, state)
  ffi.copy(state, mac[2], SIZE)
  lib.mcpgw_sha256_update(state, ffi.cast("const char *", digest), 32)
  lib.mcpgw_sha256_final(digest, state)
  return hex(bytes)
end

function M.isSame(first, second) return #first == #second and lib.mcpgw_compare(first, second, #first) == 0 end

local crc_table = ffi.new("int32_t[256]")
for i = 0, 255 do
  local value = i
  for _ = 1, 8 do value = bit.bxor(bit.rshift(value, 1), bit.band(value, 1) * 0xedb88320) end
  crc_table[i] = bit.tobit(value)
end
function M.crc32(text)
  local value = -1
  for i = 1, #text do value = bit.bxor(crc_table[bit.band(bit.bxor(value, text:byte(i)), 255)], bit.rshift(value, 8)) end
  return bit.bnot(value) % 0x100000000
end

function M.randomBytes(count)
  local bytes = ffi.new("unsigned char[256]")
  if count > 256 or C.mcpgw_random(bytes, count, 0) ~= count then return nil, "getrandom failed" end
  return ffi.string(bytes, count)
end

function M.randomSeed()
  local bytes, message = M.randomBytes(6)
  if not bytes then return nil, message end
  local seed = 0
  for i = 1, 6 do seed = seed * 256 + bytes:byte(i) end
  return seed
end

-- A UUIDv7 (RFC 9562, section 5.7) without hyphens: ids that begin with their time are appended to an index, whereas random ones each change a
-- different page of it. NGINX's own $request_id uses OpenSSL's generator, which costs five times as much. These ids need not be secret.
local format, random, floor = string.format, math.random, math.floor
function M.drawId(now)
  local ms = floor(now * 1000 + 0.5)
  local id = format("%08x%04x7%03x%08x%08x", floor(ms / 0x10000), ms % 0x10000, random(0, 0xfff), random(0x80000000, 0xbfffffff), random(0, 0xffffffff))
  return id -- no tail call, which LuaJIT does not compile here
end

-- Known results, and the offsets of what OpenSSL writes into the state: macHex copies states, so their size must be right.
function M.check()
  if not lib then return "libcrypto.so.3 is missing: install OpenSSL 3" end
  local guarded = ffi.new("struct { mcpgw_sha256 state; unsigned char guard[64]; }")
  ffi.fill(guarded, ffi.sizeof(guarded), 0xa5)
  lib.mcpgw_sha256_init(guarded.state)
  local first_word, length = guarded.state.h[0], guarded.state.digest_length
  lib.mcpgw_sha256_update(guarded.state, "abc", 3)
  local intact = first_word == 0x6a09e667 and length == 32 and guarded.state.used == 3 and guarded.state.bits_low == 24
  for i = 0, 63 do intact = intact and guarded.guard[i] == 0xa5 end
  if not intact then return "OpenSSL's SHA256_CTX is laid out differently from what this gate expects" end
  local sum = M.sha256Hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  local mac = M.macHex(M.createMac("Jefe"), "what do ya want ", "for nothing?", 32)
  if not sum or mac ~= "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" then return "SHA-256 of libcrypto is wrong" end
  if not M.isSame("abc", "abc") or M.isSame("abc", "abd") then return "CRYPTO_memcmp of libcrypto is wrong" end
end
return M
