-- The file that preserves counters of limits across restarts of NGINX: records of 64 bytes, each at its own place.
local bit, ffi = require "bit", require "ffi"
local files = require "platform/files"
ffi.cdef [[
int mcpgw_create_folder(const char *, unsigned) __asm__("mkdir");
int mcpgw_open_mode(const char *, int, ...) __asm__("open");
int64_t mcpgw_write(int, const char *, size_t) __asm__("write");
int64_t mcpgw_write_at(int, const char *, size_t, int64_t) __asm__("pwrite");
int mcpgw_rename(const char *, const char *) __asm__("rename");
]]
local C = ffi.C
local M = {}

local EEXIST = 17
local WRONLY_CLOEXEC = bit.bor(1, 0x80000)
local RDWR_CLOEXEC = bit.bor(2, 0x80000)
local CREATE_TRUNCATE = bit.bor(0x40, 0x200)
local PRIVATE = ffi.cast("int", 384) -- 0600

local function failure(what) return nil, what .. ": " .. files.describeError(ffi.errno()) end

function M.createFolder(path)
  if C.mcpgw_create_folder(path, 448) == 0 or ffi.errno() == EEXIST then return true end
  return failure("mkdir of " .. path .. " failed")
end

function M.replaceFile(path, text)
  local temporary = path .. ".tmp"
  local fd = C.mcpgw_open_mode(temporary, bit.bor(WRONLY_CLOEXEC, CREATE_TRUNCATE), PRIVATE)
  if fd < 0 then return failure("open of " .. temporary .. " failed") end
  local written = tonumber(C.mcpgw_write(fd, text, #text))
  local why = written ~= #text and files.describeError(ffi.errno())
  C.mcpgw_close(fd)
  if why then return nil, "write of " .. temporary .. " failed: " .. why end
  if C.mcpgw_rename(temporary, path) ~= 0 then return failure("rename of " .. temporary .. " failed") end
  return true
end

function M.openFile(path)
  local fd = C.mcpgw_open_mode(path, RDWR_CLOEXEC, PRIVATE)
  if fd < 0 then return failure("open of " .. path .. " failed") end
  return fd
end

function M.closeFile(fd) C.mcpgw_close(fd) end

function M.writeAt(fd, text, offset)
  if tonumber(C.mcpgw_write_at(fd, text, #text, offset)) == #text then return true end
  return failure("write of the counters failed")
end

-- Fixed width: the name, the value, padding.
function M.writeRecord(name, value) return string.format("%-40s %22.3f\n", name, value) end
function M.readRecord(text, at)
  return text:match("^%S+", at), tonumber((text:sub(at + 40, at + 62)))
end
return M
