-- The connection of the running request, and the loop for periodic tasks. Offsets are those of ngx_http_request_t and ngx_connection_t,
-- unchanged since NGINX 0.7; checkWorker asserts them on the request that NGINX creates for init_worker.
local ffi = require "ffi"
local files = require "platform/files"
ffi.cdef [[
typedef struct { void *data; } mcpgw_ngx_event;
typedef struct { void *data; mcpgw_ngx_event *read, *write; int fd; } mcpgw_ngx_connection;
typedef struct { uint32_t signature; mcpgw_ngx_connection *connection; } mcpgw_ngx_request;
int mcpgw_shutdown(int, int) __asm__("shutdown");
int64_t mcpgw_no_timers_left(void) __asm__("ngx_event_no_timers_left");
]]
local C = ffi.C
local M = {}

local ngx = ngx
local get_request = ngx and require("resty.core.base").get_request
local request_type, HTTP = ffi.typeof("mcpgw_ngx_request *"), 0x50545448

local function running()
  local pointer = get_request and get_request()
  if not pointer then return nil end
  local request = ffi.cast(request_type, pointer)
  if request.signature ~= HTTP then return nil end
  return request
end

function M.readRequestId()
  local request = running()
  return request and tonumber(ffi.cast("uintptr_t", request)) or nil
end

function M.readConnection()
  local request = running()
  if not request then return nil, "there is no running request" end
  local fd = request.connection.fd
  local inode = files.socketInode(fd)
  if not inode then return nil, "the request's connection has no socket" end
  return tonumber(ffi.cast("uintptr_t", request)), fd, inode
end

function M.shutDown(fd)
  if C.mcpgw_shutdown(fd, 2) == 0 then return true end
  return nil, "shutdown failed: " .. files.describeError(ffi.errno())
end

-- NGINX's request for init_worker: its connection points back to it, has no descriptor, and has the events of a real connection.
function M.checkWorker()
  local wrong = "ngx_http_request_t or ngx_connection_t is laid out differently from what this gate expects"
  local request = running()
  if not request then return wrong end
  local connection = request.connection
  if connection == nil or connection.data ~= ffi.cast("void *", request) or connection.fd ~= -1 then return wrong end
  if connection.read == nil or connection.write == nil or connection.read == connection.write then return wrong end
  local self = ffi.cast("void *", connection)
  if connection.read.data ~= self or connection.write.data ~= self then return wrong end
end

-- A worker that is shutting down refuses new timers, but a sleeping one continues. The loop ends when nothing else keeps the worker alive: to
-- NGINX, when no timer remains except the one this loop would set.
local bodies
local function is_needed()
  if not ngx.worker.exiting() then return true end
  return C.mcpgw_no_timers_left() ~= 0
end
local function run(seconds)
  while true do
    ngx.sleep(seconds)
    for _, body in ipairs(bodies) do
      local ok, message = pcall(body)
      if not ok then ngx.log(ngx.ERR, "a periodic task of the gate failed: ", message) end
    end
    if not is_needed() then return end
  end
end

function M.runEvery(seconds, body)
  if not ngx then return nil, "there is no NGINX" end
  if not pcall(function() return C.mcpgw_no_timers_left end) then return nil, "this NGINX does not export ngx_event_no_timers_left" end
  if bodies then
    bodies[#bodies + 1] = body
    return true
  end
  -- `premature` is ignored: a worker may have to shut down before its first event.
  local ok, message = ngx.timer.at(0, function() run(seconds) end)
  if not ok then return nil, "no timer for the gate's periodic tasks: " .. tostring(message) end
  bodies = { body }
  return true
end
return M
