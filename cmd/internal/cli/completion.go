package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh, or fish."`
}

// Run prints a script for the shell to read:
//
//	source <(trueup completion bash)
//	source <(trueup completion zsh)
//	trueup completion fish | source
func (c completionCommand) Run(k *kong.Context, s streams) error {
	nodes := commandNodes(k.Model.Node, "")
	switch c.Shell {
	case "bash":
		completeBash(s.out, nodes)
	case "zsh":
		fmt.Fprintln(s.out, "autoload -U +X bashcompinit && bashcompinit")
		completeBash(s.out, nodes)
	default:
		completeFish(s.out, nodes)
	}
	return nil
}

// commandNode is a command with its words, and what can follow them.
type commandNode struct {
	path  string // "config check"; empty for the program itself
	help  string
	subs  []string
	flags []*kong.Flag
}

func commandNodes(n *kong.Node, path string) []commandNode {
	c := commandNode{path: path, help: n.Help}
	for _, group := range n.AllFlags(true) {
		c.flags = append(c.flags, group...)
	}
	var below []commandNode
	for _, child := range n.Children {
		if child.Hidden || child.Type != kong.CommandNode {
			continue
		}
		c.subs = append(c.subs, child.Name)
		below = append(below, commandNodes(child, strings.TrimSpace(path+" "+child.Name))...)
	}
	return append([]commandNode{c}, below...)
}

// flagWords are the flags of a command.
func (c commandNode) flagWords() []string {
	var out []string
	for _, f := range c.flags {
		if f.Hidden {
			continue
		}
		out = append(out, "--"+f.Name)
		if f.Tag.Negatable != "" {
			out = append(out, "--no-"+f.Name)
		}
		if f.Short != 0 {
			out = append(out, "-"+string(f.Short))
		}
	}
	slices.Sort(out)
	return out
}

// completeBash writes a function that looks up the words so far in a case; a
// word behind a flag that takes a value is one of its choices, or a file.
func completeBash(w io.Writer, nodes []commandNode) {
	fmt.Fprint(w, `_trueup() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case "$path $word" in
`)
	for _, n := range nodes[1:] {
		parent, name := "", n.path
		if i := strings.LastIndexByte(n.path, ' '); i >= 0 {
			parent, name = n.path[:i], n.path[i+1:]
		}
		fmt.Fprintf(w, "      %q) path=%q ;;\n", parent+" "+name, n.path)
	}
	fmt.Fprint(w, "    esac\n  done\n  case \"$path:$prev\" in\n")
	for _, n := range nodes {
		for _, f := range n.flags {
			if f.IsBool() || f.Hidden {
				continue
			}
			names := fmt.Sprintf("%q", n.path+":--"+f.Name)
			if f.Short != 0 {
				names += fmt.Sprintf("|%q", n.path+":-"+string(f.Short))
			}
			fmt.Fprintf(w, "    %s) COMPREPLY=($(%s -- \"$cur\")); return ;;\n", names, choices(f))
		}
	}
	fmt.Fprint(w, "  esac\n  case \"$path\" in\n")
	for _, n := range nodes {
		words := strings.Join(append(slices.Clone(n.subs), n.flagWords()...), " ")
		fmt.Fprintf(w, "    %q) COMPREPLY=($(compgen -W %q -- \"$cur\")) ;;\n", n.path, words)
	}
	fmt.Fprint(w, "  esac\n}\ncomplete -o default -F _trueup trueup\n")
}

// choices is the compgen of a flag's values.
func choices(f *kong.Flag) string {
	if words := enumOf(f); len(words) > 0 {
		return fmt.Sprintf("compgen -W %q", strings.Join(words, " "))
	}
	return "compgen -f"
}

func enumOf(f *kong.Flag) []string {
	var out []string
	for _, v := range strings.Split(f.Enum, ",") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// completeFish writes one line for each command and flag.
func completeFish(w io.Writer, nodes []commandNode) {
	quote := func(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'" }
	for _, n := range nodes {
		condition := "__fish_use_subcommand"
		if words := strings.Fields(n.path); len(words) > 0 {
			condition = "__fish_seen_subcommand_from " + words[len(words)-1]
		}
		for _, sub := range n.subs {
			at := slices.IndexFunc(nodes, func(o commandNode) bool { return o.path == strings.TrimSpace(n.path+" "+sub) })
			fmt.Fprintf(w, "complete -c trueup -f -n %s -a %s -d %s\n", quote(condition), sub, quote(nodes[at].help))
		}
		for _, f := range n.flags {
			if f.Hidden || n.path == "" {
				continue
			}
			line := fmt.Sprintf("complete -c trueup -n %s -l %s", quote(condition), f.Name)
			if f.Short != 0 {
				line += " -s " + string(f.Short)
			}
			if words := enumOf(f); len(words) > 0 {
				line += " -x -a " + quote(strings.Join(words, " "))
			} else if !f.IsBool() {
				line += " -r"
			}
			fmt.Fprintf(w, "%s -d %s\n", line, quote(f.Help))
		}
	}
}
