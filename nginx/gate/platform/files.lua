-- Small files, read whole and without blocking; statx. Functions have distinct names (__asm__), so that they cannot clash with another
-- library's declaration of the same function.
local bit, ffi = require "bit", require "ffi"
ffi.cdef [[
typedef struct { int64_t s; uint32_t ns; int32_t reserved; } mcpgw_time;
typedef struct {
  uint32_t mask, block_size; uint64_t attributes; uint32_t links, uid, gid; uint16_t mode, reserved; uint64_t inode, size, blocks, attributes_mask;
  mcpgw_time accessed, born, changed, modified; uint32_t device_type_major, device_type_minor, device_major, device_minor; uint64_t rest[14];
} mcpgw_statx;
typedef struct { uint64_t inode, size; mcpgw_time changed, modified; uint32_t device_major, device_minor; } mcpgw_signature;
typedef struct { long s, ns; } mcpgw_clock;
int mcpgw_statx_of(int, const char *, int, unsigned, mcpgw_statx *) __asm__("statx");
int mcpgw_open(const char *, int) __asm__("open");
long mcpgw_read(int, void *, size_t) __asm__("read");
int mcpgw_close(int) __asm__("close");
int mcpgw_clock_of(int, mcpgw_clock *) __asm__("clock_gettime");
char *mcpgw_error_text(int) __asm__("strerror");
]]
local C = ffi.C
local M = {}

local AT_FDCWD, NOFOLLOW, EMPTY_PATH, BASIC_STATS = -100, 0x100, 0x1000, 0x7ff
local RDONLY_NONBLOCK_CLOEXEC = bit.bor(0x800, 0x80000)
local O_NOFOLLOW = (ffi.arch == "arm64" or ffi.arch == "arm") and 0x8000 or 0x20000
local ENOENT, EINTR, ENOTDIR = 2, 4, 20
local REGULAR, FORMAT = 0x8000, 0xf000
-- A file's time is the clock's at the last tick: within two ticks a second change can leave the same time.
local TICK_S = 0.02

local stat, sign, clock = ffi.new("mcpgw_statx"), ffi.new("mcpgw_signature"), ffi.new("mcpgw_clock")
local buffer, BUFFER_SIZE = ffi.new("char[65536]"), 65536

function M.describeError(number) return ffi.string(C.mcpgw_error_text(number)) end

local function signature()
  sign.inode, sign.size, sign.changed, sign.modified = stat.inode, stat.size, stat.changed, stat.modified
  sign.changed.reserved, sign.modified.reserved = 0, 0
  sign.device_major, sign.device_minor = stat.device_major, stat.device_minor
  return ffi.string(sign, ffi.sizeof(sign))
end

function M.signatureOf(path)
  if C.mcpgw_statx_of(AT_FDCWD, path, NOFOLLOW, BASIC_STATS, stat) ~= 0 then return "error " .. ffi.errno() end
  return signature()
end

local function is_recent()
  C.mcpgw_clock_of(5, clock) -- CLOCK_REALTIME_COARSE, which file systems stamp files with
  local age = tonumber(clock.s - stat.changed.s) + (tonumber(clock.ns) - stat.changed.ns) * 1e-9
  return age < TICK_S
end

-- LuaJIT hashes only a few bytes of a long string, which are the same in the files of thousands of keys: they would form one chain, with which
-- each new string is compared. Varying white space (16 bits of a counter) makes the hashes differ, and has no meaning in JSON.
local PADDING, spaces, reads = 8, ffi.new("char[4]", 32, 9, 10, 13), 0
local function pad(into, used)
  reads = (reads + 1) % 65536
  for i = 0, PADDING - 1 do
    into[i] = spaces[bit.band(bit.rshift(reads, 2 * i), 3)]
    into[PADDING + used + i] = into[i]
  end
  return ffi.string(into, used + 2 * PADDING)
end

-- The contents of the file up to the size that statx returned; a later write results in a different signature and an event.
local function read_all(fd, size, is_padded)
  local into = size + 2 * PADDING <= BUFFER_SIZE and buffer or ffi.new("char[?]", size + 2 * PADDING)
  local used, start = 0, into + PADDING
  while used < size do
    local count = tonumber(C.mcpgw_read(fd, start + used, size - used))
    if count > 0 then used = used + count
    elseif count == 0 then break
    elseif ffi.errno() ~= EINTR then return nil, "unreadable", M.describeError(ffi.errno()) end
  end
  return is_padded and pad(into, used) or ffi.string(start, used)
end

function M.readFile(path, max, is_padded)
  local fd = C.mcpgw_open(path, bit.bor(RDONLY_NONBLOCK_CLOEXEC, O_NOFOLLOW))
  if fd < 0 then
    local number = ffi.errno()
    local reason = (number == ENOENT or number == ENOTDIR) and "missing" or "unreadable"
    return nil, reason, M.describeError(number)
  end
  local text, reason, message, signed, recent
  if C.mcpgw_statx_of(fd, "", EMPTY_PATH, BASIC_STATS, stat) ~= 0 then reason, message = "unreadable", M.describeError(ffi.errno())
  elseif bit.band(stat.mode, FORMAT) ~= REGULAR then reason, message = "unreadable", "it is not a regular file"
  elseif stat.size > max then reason, message = "too_large", "it is larger than " .. max .. " bytes"
  else
    -- Before the read: a change during it then results in a different signature.
    signed, recent = signature(), is_recent()
    text, reason, message = read_all(fd, tonumber(stat.size), is_padded)
  end
  C.mcpgw_close(fd)
  if not text then return nil, reason, message end
  return text, signed, recent
end

function M.isSocket(fd, inode)
  return C.mcpgw_statx_of(fd, "", EMPTY_PATH, BASIC_STATS, stat) == 0 and bit.band(stat.mode, FORMAT) == 0xc000 and tonumber(stat.inode) == inode
end
-- The inode of a descriptor; nil unless it is a socket.
function M.socketInode(fd)
  if C.mcpgw_statx_of(fd, "", EMPTY_PATH, BASIC_STATS, stat) ~= 0 or bit.band(stat.mode, FORMAT) ~= 0xc000 then return nil end
  return tonumber(stat.inode)
end

-- The kernel's layout is the same on all machines (linux/stat.h); /dev/null is device 1:3 everywhere.
function M.check()
  local expected = { mode = 28, inode = 32, size = 40, changed = 96, modified = 112, device_major = 136, rest = 144 }
  local right = ffi.sizeof("mcpgw_statx") == 256 and ffi.sizeof("mcpgw_time") == 16
  for field, offset in pairs(expected) do right = right and ffi.offsetof("mcpgw_statx", field) == offset end
  if not right then return "struct statx is laid out differently from what this gate expects" end
  if C.mcpgw_statx_of(AT_FDCWD, "/dev/null", NOFOLLOW, BASIC_STATS, stat) ~= 0 then return "statx failed: " .. M.describeError(ffi.errno()) end
  if bit.band(stat.mode, FORMAT) ~= 0x2000 or stat.device_type_major ~= 1 or stat.device_type_minor ~= 3 or stat.changed.ns >= 1e9 then
    return "struct statx is laid out differently from what this gate expects"
  end
end
return M
