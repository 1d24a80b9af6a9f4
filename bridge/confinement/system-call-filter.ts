/** Architectures (linux/audit.h), each with the numbers of its system calls (asm/unistd.h). */
const MACHINES: Partial<Record<string, { audit: number; calls: readonly number[]; highest: number }>> = {
  // add_key, request_key, keyctl, perf_event_open, bpf, userfaultfd, io_uring_setup, io_uring_enter, io_uring_register
  x64: {
    audit: 0xc000003e,
    calls: [248, 249, 250, 298, 321, 323, 425, 426, 427],
    // Higher numbers belong to the x32 ABI, whose calls have other numbers.
    highest: 0x40000000 - 1,
  },
  arm64: { audit: 0xc00000b7, calls: [217, 218, 219, 241, 280, 282, 425, 426, 427], highest: 0xffffffff },
};

// Of linux/bpf_common.h and linux/seccomp.h.
const LOAD_WORD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_GREATER = 0x25;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const REFUSE = 0x00050000 | 1; // SECCOMP_RET_ERRNO with EPERM
const NUMBER_OFFSET = 0;
const MACHINE_OFFSET = 4;

type Instruction = [code: number, ifTrue: number, ifFalse: number, value: number];

/**
 * A seccomp filter that returns EPERM for system calls on resources that namespaces do not isolate: the keyrings of the session that started the
 * program, and large parts of the kernel that servers do not need. Null: unknown architecture.
 */
export function createSystemCallFilter(machine: string): Buffer | null {
  const known = MACHINES[machine];
  if (known === undefined) return null;
  const { audit, calls, highest } = known;
  const instructions: Instruction[] = [
    [LOAD_WORD, 0, 0, MACHINE_OFFSET],
    // Programs of another architecture (32 bits) have other numbers.
    [JUMP_IF_EQUAL, 1, 0, audit],
    [RETURN, 0, 0, REFUSE],
    [LOAD_WORD, 0, 0, NUMBER_OFFSET],
    [JUMP_IF_GREATER, calls.length + 1, 0, highest],
    ...calls.map((number, index): Instruction => [JUMP_IF_EQUAL, calls.length - index, 0, number]),
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, REFUSE],
  ];
  const filter = Buffer.alloc(instructions.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of instructions.entries()) {
    filter.writeUInt16LE(code, index * 8);
    filter.writeUInt8(ifTrue, index * 8 + 2);
    filter.writeUInt8(ifFalse, index * 8 + 3);
    filter.writeUInt32LE(value, index * 8 + 4);
  }
  return filter;
}
