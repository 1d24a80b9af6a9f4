-- Calls pure functions of the gate: for unit tests. Standard input: for each call the function's name and the text's length on separate lines,
-- then the text. Prints the length of each result, and the result.
local functions = assert(loadfile(arg[1]))().PURE_FUNCTIONS
for name in io.lines() do
  local result = functions[name](io.read(tonumber(io.read("*l"))) or "")
  io.write(#result, "\n", result)
end
