-- One lock for all workers: a robust mutex (pthread_mutexattr_setrobust(3)) in memory that the master maps and the workers inherit, also
-- those of later configurations. The kernel frees it when its owner dies. Without contention it costs no system call.
local ffi = require "ffi"
ffi.cdef [[
int mcpgw_attributes_init(void *) __asm__("pthread_mutexattr_init");
int mcpgw_attributes_shared(void *, int) __asm__("pthread_mutexattr_setpshared");
int mcpgw_attributes_robust(void *, int) __asm__("pthread_mutexattr_setrobust");
int mcpgw_mutex_init(void *, const void *) __asm__("pthread_mutex_init");
int mcpgw_mutex_lock(void *) __asm__("pthread_mutex_lock");
int mcpgw_mutex_unlock(void *) __asm__("pthread_mutex_unlock");
int mcpgw_mutex_consistent(void *) __asm__("pthread_mutex_consistent");
void *mcpgw_map(void *, size_t, int, int, int, int64_t) __asm__("mmap");
int mcpgw_kill(int, int) __asm__("kill");
]]
local C = ffi.C
local M = {}

local SIZE, READ_WRITE, SHARED_ANONYMOUS = 4096, 3, 0x21
local SHARED, ROBUST, EOWNERDEAD, ESRCH = 1, 1, 130, 3
local mutex

function M.createLock()
  local memory = C.mcpgw_map(nil, SIZE, READ_WRITE, SHARED_ANONYMOUS, -1, 0)
  local address = tonumber(ffi.cast("intptr_t", memory))
  if address == -1 then return nil, "no memory for the lock of the counters" end
  -- Larger than any libc's.
  local attributes = ffi.new("char[64]")
  local failed = C.mcpgw_attributes_init(attributes) + C.mcpgw_attributes_shared(attributes, SHARED) + C.mcpgw_attributes_robust(attributes, ROBUST)
  if failed ~= 0 or C.mcpgw_mutex_init(memory, attributes) ~= 0 then return nil, "this system has no robust mutex" end
  return address
end

function M.useLock(address) mutex = ffi.cast("void *", address) end

local function finish(ok, ...)
  C.mcpgw_mutex_unlock(mutex)
  if not ok then error((...), 0) end
  return ...
end

function M.locked(run, first, second, third)
  if not mutex then error("the lock of the counters has not been set", 0) end
  local code = C.mcpgw_mutex_lock(mutex)
  if code == EOWNERDEAD then C.mcpgw_mutex_consistent(mutex)
  elseif code ~= 0 then error("the lock of the counters cannot be taken: " .. code, 0) end
  return finish(pcall(run, first, second, third))
end

function M.isAlive(pid) return C.mcpgw_kill(pid, 0) == 0 or ffi.errno() ~= ESRCH end
function M.workerId() return ngx and ngx.worker.pid() or 0 end

function M.check()
  if not pcall(function() return C.mcpgw_attributes_robust, C.mcpgw_mutex_consistent end) then return "this system's libc has no robust mutex" end
end
return M
