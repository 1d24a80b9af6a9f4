/** The logger that features need; pino implements it. A feature that logs less takes `Pick<Log, …>`. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
