const GATE_SETTINGS = {"accessDir":"access/","accessVersion":2};
export default {};
