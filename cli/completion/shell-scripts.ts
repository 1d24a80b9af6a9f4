/** What each shell runs to complete `mcpgw`: the command itself prints the candidates. */
export const SHELL_SCRIPTS = {
  bash: `_mcpgw() {
  local IFS=$'\\n'
  COMPREPLY=($(mcpgw complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _mcpgw mcpgw`,
  zsh: `#compdef mcpgw
_mcpgw() {
  local -a found
  found=("\${(@f)$(mcpgw complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -- $found
}
compdef _mcpgw mcpgw`,
  fish: `complete -c mcpgw -f -a '(mcpgw complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
} as const;
export type Shell = keyof typeof SHELL_SCRIPTS;
