/** Completion scripts of the three shells, each a pure function of the command tree. */
import type { CompletionNode } from "../completion-tree.ts";

/** A word in single quotes, as POSIX shells and fish read it. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Flags whose value is one of few, with them. */
const valued = (node: CompletionNode) => node.flags.filter((flag) => flag.values.length > 0);

/** `jobs plan --format` → its values; and which flags take a value at all, so that it is not mistaken for a command. */
function valueFlags(tree: readonly CompletionNode[]): string[] {
  const words = tree.flatMap((node) => node.flags.filter((flag) => flag.takesValue).map((flag) => flag.word));
  return [...new Set([...words, "-C", "-t"])].sort();
}

/** Walks the words typed so far to the way through the commands: shared by bash and zsh. */
function walk(tree: readonly CompletionNode[], words: string, current: string, first: number): string[] {
  return [
    `  local way='' word='' skip=0 i`,
    `  for ((i = ${first}; i < ${current}; i++)); do`,
    `    word="\${${words}[i]}"`,
    "    if ((skip)); then skip=0; continue; fi",
    `    case "$word" in ${valueFlags(tree).join("|")}) skip=1; continue ;; -*) continue ;; esac`,
    '    case "$way/$word" in',
    ...tree
      .filter(({ way }) => way !== "")
      .map(({ way }) => {
        const parts = way.split(" ");
        return `      ${quoted(`${parts.slice(0, -1).join(" ")}/${parts.at(-1)}`)}) way=${quoted(way)} ;;`;
      }),
    "    esac",
    "  done",
  ];
}

/** Script for bash. */
export function bashCompletion(tree: readonly CompletionNode[]): string {
  const lines = [
    "# bash completion of headgate",
    "_headgate() {",
    `  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" words=""`,
    ...walk(tree, "COMP_WORDS", "COMP_CWORD", 1),
    "  COMPREPLY=()",
    '  case "$way:$prev" in',
    ...tree.flatMap((node) =>
      valued(node).map(
        (flag) =>
          `    ${quoted(`${node.way}:${flag.word}`)}) COMPREPLY=($(compgen -W ${quoted(flag.values.join(" "))} -- "$cur")); return ;;`,
      ),
    ),
    '    *:--dir|*:-C) COMPREPLY=($(compgen -d -- "$cur")); return ;;',
    `    ${valueFlags(tree)
      .map((flag) => `*:${flag}`)
      .join("|")}) return ;;`,
    "  esac",
    '  case "$way" in',
    ...tree.map((node) => {
      const words = node.words.map(({ word }) => word).join(" ");
      const flags = node.flags.map(({ word }) => word).join(" ");
      return `    ${quoted(node.way)}) if [[ "$cur" == -* ]]; then words=${quoted(flags)}; else words=${quoted(words)}; fi ;;`;
    }),
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    "}",
    "complete -o default -F _headgate headgate",
  ];
  return `${lines.join("\n")}\n`;
}

/** `word:what it does`, as zsh's `_describe` wants it. */
const described = (word: string, brief: string) => quoted(`${word.replaceAll(":", "\\:")}:${brief}`);

/** Script for zsh. */
export function zshCompletion(tree: readonly CompletionNode[]): string {
  const lines = [
    "#compdef headgate",
    "# zsh completion of headgate",
    "_headgate() {",
    `  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}"`,
    "  local -a choices",
    ...walk(tree, "words", "CURRENT", 2),
    '  case "$way:$prev" in',
    ...tree.flatMap((node) =>
      valued(node).map(
        (flag) =>
          `    ${quoted(`${node.way}:${flag.word}`)}) compadd -- ${flag.values.map(quoted).join(" ")}; return ;;`,
      ),
    ),
    "    *:--dir|*:-C) _files -/; return ;;",
    `    ${valueFlags(tree)
      .map((flag) => `*:${flag}`)
      .join("|")}) _files; return ;;`,
    "  esac",
    '  case "$way" in',
    ...tree.flatMap((node) => [
      `    ${quoted(node.way)})`,
      '      if [[ "$cur" == -* ]]; then',
      `        choices=(${node.flags.map(({ word, brief }) => described(word, brief)).join(" ")})`,
      "      else",
      `        choices=(${node.words.map(({ word, brief }) => described(word, brief)).join(" ")})`,
      "      fi ;;",
    ]),
    "  esac",
    `  if ((\${#choices})); then _describe 'headgate' choices; else _files; fi`,
    "}",
    `if [[ "\${funcstack[1]}" == "_headgate" ]]; then _headgate "$@"; else compdef _headgate headgate; fi`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Script for fish. */
export function fishCompletion(tree: readonly CompletionNode[]): string {
  const lines = [
    "# fish completion of headgate",
    "function __headgate_way",
    "  set -l way ''",
    "  set -l skip 0",
    "  for word in (commandline -opc)[2..-1]",
    "    if test $skip -eq 1; set skip 0; continue; end",
    "    switch $word",
    `      case ${valueFlags(tree).map(quoted).join(" ")}`,
    "        set skip 1; continue",
    "      case '-*'",
    "        continue",
    "    end",
    '    switch "$way/$word"',
    ...tree
      .filter(({ way }) => way !== "")
      .flatMap(({ way }) => {
        const parts = way.split(" ");
        return [
          `      case ${quoted(`${parts.slice(0, -1).join(" ")}/${parts.at(-1)}`)}`,
          `        set way ${quoted(way)}`,
        ];
      }),
    "    end",
    "  end",
    '  test "$way" = "$argv[1]"',
    "end",
  ];
  for (const node of tree) {
    const when = `-n ${quoted(`__headgate_way ${quoted(node.way)}`)}`;
    for (const { word, brief } of node.words)
      lines.push(`complete -c headgate -f ${when} -a ${quoted(word)} -d ${quoted(brief)}`);
    for (const flag of node.flags) {
      const values = flag.values.length > 0 ? ` -f -a ${quoted(flag.values.join(" "))}` : "";
      const required = flag.takesValue ? " -r" : "";
      lines.push(`complete -c headgate ${when} -l ${flag.word.slice(2)}${required}${values} -d ${quoted(flag.brief)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
