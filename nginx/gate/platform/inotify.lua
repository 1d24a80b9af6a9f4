-- An inotify queue (inotify(7)). The kernel queues an event before rename(2), unlink(2) or write(2) returns.
local bit, ffi = require "bit", require "ffi"
local files = require "platform/files"
ffi.cdef [[
typedef struct { int32_t watch; uint32_t mask, cookie, length; } mcpgw_event;
int mcpgw_queue(int) __asm__("inotify_init1");
int mcpgw_watch(int, const char *, uint32_t) __asm__("inotify_add_watch");
int mcpgw_unwatch(int, int) __asm__("inotify_rm_watch");
]]
local C = ffi.C
local M = {}

local NONBLOCK_CLOEXEC, ONLYDIR = bit.bor(0x800, 0x80000), 0x1000000
local SELF = bit.bor(0x400, 0x800) -- DELETE_SELF, MOVE_SELF
local ENTRIES = bit.bor(SELF, 0x2, 0x4, 0x40, 0x80, 0x100, 0x200) -- MODIFY, ATTRIB, MOVED_FROM, MOVED_TO, CREATE, DELETE
local FOLDER, OVERFLOW, IGNORED = bit.bor(SELF, 0x2000, 0x8000), 0x4000, 0x8000 -- + UNMOUNT, IGNORED
local EAGAIN, EINTR = 11, 4
local MAX_READS = 64

local buffer, BUFFER_SIZE = ffi.new("char[65536] __attribute__((aligned(8)))"), 65536
local event_type = ffi.typeof("mcpgw_event *")
local LAYOUT = "struct inotify_event is laid out differently from what this gate expects"

-- Removing a watch queues an event with known contents, which must be what is read.
local function check_queue(fd)
  local watch = C.mcpgw_watch(fd, "/", SELF)
  if watch < 0 then return nil, "inotify_add_watch failed: " .. files.describeError(ffi.errno()) end
  C.mcpgw_unwatch(fd, watch)
  local count = tonumber(C.mcpgw_read(fd, buffer, BUFFER_SIZE))
  local event = ffi.cast(event_type, buffer)
  if count ~= 16 or event.watch ~= watch or event.mask ~= IGNORED or event.length ~= 0 then return nil, LAYOUT end
  return true
end

function M.openQueue()
  local fd = C.mcpgw_queue(NONBLOCK_CLOEXEC)
  if fd < 0 then return nil, "inotify_init1 failed: " .. files.describeError(ffi.errno()) end
  local ok, message = check_queue(fd)
  if ok then return fd end
  C.mcpgw_close(fd)
  return nil, message
end

function M.watchFolder(fd, path, self)
  local watch = C.mcpgw_watch(fd, path, bit.bor(self and SELF or ENTRIES, ONLYDIR))
  if watch >= 0 then return watch end
  return nil, "inotify_add_watch of " .. path .. " failed: " .. files.describeError(ffi.errno())
end

function M.closeQueue(fd) C.mcpgw_close(fd) end

local function hand_over(count, handle)
  local at, seen = 0, 0
  while at < count do
    local event = ffi.cast(event_type, buffer + at)
    local name = event.length > 0 and ffi.string(buffer + at + 16) or ""
    local kind = "changed"
    if bit.band(event.mask, OVERFLOW) ~= 0 then kind = "overflow" elseif bit.band(event.mask, FOLDER) ~= 0 then kind = "folder" end
    handle(event.watch, kind, name)
    at = at + 16 + tonumber(event.length)
    seen = seen + 1
  end
  return seen
end

function M.drainQueue(fd, handle)
  local seen = 0
  for _ = 1, MAX_READS do
    local count = tonumber(C.mcpgw_read(fd, buffer, BUFFER_SIZE))
    if count > 0 then
      seen = seen + hand_over(count, handle)
      -- With this much room left, the queue was empty.
      if count < BUFFER_SIZE - 4096 then return seen end
    else
      local number = ffi.errno()
      if count < 0 and number == EAGAIN then return seen end
      if count == 0 or number ~= EINTR then return nil, "read of inotify's queue failed: " .. files.describeError(number) end
    end
  end
  -- Events arrive faster than they are read: everything read before may be stale.
  handle(-1, "overflow", "")
  return seen
end

function M.check()
  if ffi.sizeof("mcpgw_event") ~= 16 or ffi.offsetof("mcpgw_event", "length") ~= 12 then return LAYOUT end
end
return M
