import { isInvisible, joinsEmoji, escapeInvisible, type TextFinding } from '../../contract/index.ts';
import { readVisible } from './visible-text.ts';

type Finding = Omit<TextFinding, 'field'>;
interface Rule {
  rule: TextFinding['rule'];
  severity: TextFinding['severity'];
  pattern: RegExp;
  message: string;
}

// Every gap is bounded, so that no text makes a pattern slow.
const RULES: readonly Rule[] = [
  {
    rule: 'instruction',
    severity: 'danger',
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,40}\b(?:previous|prior|above|earlier|preceding|system|existing|all)\b[^.\n]{0,30}\b(?:instructions?|prompts?|rules?|messages?|guidelines?|directives?)\b/gi,
    message: 'Tells the model to ignore its instructions',
  },
  {
    rule: 'instruction',
    severity: 'danger',
    pattern:
      /\b(?:before|prior to|after|when|whenever)\s+(?:using|calling|invoking|running|you (?:use|call|invoke|run))\s+(?:this|any|the|other|another)\b[^.\n]{0,40}\btools?\b[^.\n]{0,40}\b(?:must|always|first|read|call|use|run|send|pass|provide)\b/gi,
    message: 'Tells the model what to do before the call',
  },
  {
    rule: 'instruction',
    severity: 'warning',
    pattern: /\byou (?:must|should|have to|need to|are required to)\s+(?:always|never|first|immediately|secretly)\b/gi,
    message: 'Gives the model an instruction beyond what the tool does',
  },
  {
    rule: 'secrecy',
    severity: 'danger',
    pattern:
      /\b(?:do not|don't|don\u2019t|never|must not|should not|avoid)\b[^.\n]{0,30}\b(?:tell|telling|mention|mentioning|inform|informing|reveal|notify|disclose|alert)\b[^.\n]{0,40}\b(?:user|users|human|humans|anyone|anybody|person|operator)\b/gi,
    message: 'Asks the model to hide something from the user',
  },
  {
    rule: 'secrecy',
    severity: 'danger',
    pattern:
      /\bwithout\s+(?:telling|informing|notifying|alerting|asking)\s+(?:the\s+)?(?:user|human|anyone|operator)\b/gi,
    message: 'Asks the model to act without informing the user',
  },
  {
    rule: 'secret-access',
    severity: 'danger',
    pattern:
      /(?:~|\$HOME|\/root|\/home\/\w{1,32})?\/?\.(?:ssh|aws|gnupg|kube|docker|netrc|npmrc|pypirc|git-credentials)\b(?:\/[\w.-]{1,64})?|\bid_(?:rsa|ed25519|ecdsa)\b|\/etc\/(?:passwd|shadow)\b|\b(?:mcp|claude_desktop_config)\.json\b/gi,
    message: 'Names a file that holds secrets',
  },
  {
    rule: 'secret-access',
    severity: 'danger',
    pattern:
      /\b(?:read|send|include|provide|pass|fetch|collect|extract|append|attach|copy|reveal|print|output)\b[^.\n]{0,50}\b(?:api[ _-]?keys?|passwords?|credentials?|private keys?|secrets?|access tokens?|environment variables|system prompts?|conversation history|chat history|previous messages)\b/gi,
    message: 'Asks for secrets or for earlier messages',
  },
  {
    rule: 'other-tools',
    severity: 'warning',
    pattern:
      /\b(?:instead of|rather than|in place of)\s+(?:using\s+|calling\s+)?(?:the\s+|any\s+)?(?:other|existing|built-in|[\w-]{1,64})\s+(?:tools?|functions?|servers?)\b|\b(?:other|all other|any other)\s+tools?\s+(?:must|should|are|have|will)\b/gi,
    message: 'Tries to influence how other tools are used',
  },
  {
    rule: 'other-tools',
    severity: 'danger',
    pattern:
      /\b(?:when|whenever|if|each time|every time)\s+(?:the\s+|a\s+)?(?:tool\s+[\w.-]{1,128}|[\w.-]{1,128}\s+tool|another tool|any tool)\s+(?:is|was|gets)\s+(?:called|used|invoked|run)\b/gi,
    message: 'Gives an instruction for when another tool is used (tool shadowing)',
  },
  {
    rule: 'exfiltration',
    severity: 'danger',
    pattern:
      /\b(?:set|change|replace|redirect|rewrite)\b[^.\n]{0,40}\b(?:recipients?|to|cc|bcc|address|destination|endpoint|webhook|url)\b[^.\n]{0,40}(?:https?:\/\/[^\s"'<>]{1,200}|[\w.+-]{1,64}@[\w-]{1,64}\.[a-z]{2,24})/gi,
    message: 'Asks to redirect something to a fixed address',
  },
  {
    rule: 'exfiltration',
    severity: 'danger',
    pattern:
      /\b(?:send|post|upload|forward|transmit|exfiltrate|e-?mail|bcc)\b[^.\n]{0,60}(?:https?:\/\/[^\s"'<>]{1,200}|[\w.+-]{1,64}@[\w-]{1,64}\.[a-z]{2,24})/gi,
    message: 'Asks to send something to a fixed address',
  },
  {
    rule: 'markup',
    severity: 'danger',
    pattern:
      /<\/?(?:important|system|instructions?|secret|hidden|assistant|admin)>|<\|(?:im_start|im_end|system|endoftext)\|>|\[\/?(?:INST|SYS)\]|<<\/?SYS>>|<!--[\s\S]{0,400}?-->/gi,
    message: 'Contains markup that models read as a change of speaker, or that is invisible to people',
  },
  {
    rule: 'markup',
    severity: 'danger',
    pattern: /<(?:script|iframe|object|embed)\b|<[a-z]{1,20}\b[^>]{0,200}\son[a-z]{3,20}\s?=|\bjavascript:[^\s]/gi,
    message: 'Contains markup that a web page may execute',
  },
];

const MAX_TEXT = 65_536;
const MAX_FINDINGS = 20;
const SHOWN = 200;

function findHidden(text: string): Finding[] {
  const found: Finding[] = [];
  let at = 0;
  let start = -1;
  let before = '';
  const close = (end: number) => {
    if (start < 0) return;
    const span = text.slice(start, end);
    const tags = Array.from(span, (c) => (c.codePointAt(0) ?? 0) - 0xe0000).filter(
      (code) => code >= 0x20 && code < 0x7f,
    );
    const hiddenText = String.fromCharCode(...tags);
    found.push({
      rule: 'hidden-characters',
      severity: tags.length > 0 || /[\u202a-\u202e\u2066-\u2069]/.test(span) || span.length > 3 ? 'danger' : 'warning',
      start,
      end,
      text: escapeInvisible(span).slice(0, SHOWN),
      message:
        tags.length > 0
          ? `Contains a message that is invisible to people: ${JSON.stringify(hiddenText.slice(0, SHOWN))}`
          : 'Contains characters that are invisible, or that change the order of the text',
    });
    start = -1;
  };
  for (const character of text) {
    const joins = joinsEmoji(character, before);
    if (isInvisible(character) && !joins) {
      if (start < 0) start = at;
    } else close(at);
    if (!joins) before = character;
    at += character.length;
  }
  close(at);
  return found;
}

/**
 * Searches the text of a tool for known patterns of tool poisoning: instructions to the model, requests for secrets or secrecy, invisible
 * characters. Spans refer to the original text. A finding is a reason to review the text, not proof; the absence of findings proves nothing either.
 */
export function scanText(original: string): Finding[] {
  const text = original.slice(0, MAX_TEXT);
  const found = findHidden(text);
  const visible = readVisible(text);
  for (const { rule, severity, pattern, message } of RULES)
    for (const match of visible.text.matchAll(pattern)) {
      const start = visible.origin[match.index] ?? 0;
      const end = (visible.origin[match.index + match[0].length - 1] ?? start) + 1;
      found.push({
        rule,
        severity,
        start,
        end,
        text: escapeInvisible(text.slice(start, end)).slice(0, SHOWN),
        message,
      });
      if (found.length >= MAX_FINDINGS) break;
    }
  return found.sort((a, b) => a.start - b.start).slice(0, MAX_FINDINGS);
}
