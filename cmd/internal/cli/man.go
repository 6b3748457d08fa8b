package cli

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

type manCommand struct{}

// Run prints the manual page in the language of man(7):
//
//	trueup man > /usr/local/share/man/man1/trueup.1
func (manCommand) Run(k *kong.Context, s streams) error { return manual(s.out, k.Model.Node) }

func manual(w io.Writer, root *kong.Node) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, ".TH TRUEUP 1 \"\" %q \"User Commands\"\n", "trueup "+toolVersion())
	b.WriteString(".SH NAME\ntrueup \\- make a live database match the schema in SQL files\n.SH SYNOPSIS\n.B trueup\n.I COMMAND\n[\\fITARGET\\fR] [\\fIFLAGS\\fR]\n.SH DESCRIPTION\n")
	paragraphs(b, description)
	b.WriteString(".SH COMMANDS\n")
	for _, n := range commandNodes(root, "")[1:] {
		fmt.Fprintf(b, ".SS trueup %s\n", roff(n.path))
		paragraphs(b, n.help)
		for _, f := range n.flags {
			if f.Hidden || f.Name == "help" || f.Name == "log-format" || f.Name == "version" {
				continue
			}
			flag(b, f)
		}
	}
	b.WriteString(".SH FLAGS OF ALL COMMANDS\n")
	for _, f := range root.Flags {
		flag(b, f)
	}
	b.WriteString(".SH FILES\n.TP\n.I trueup.yaml\nThe configuration; looked for in the working folder and upwards from it.\n.TP\n.I trueup.ignore.yaml\nAccepted differences.\n")
	return b.Flush()
}

func flag(b *bufio.Writer, f *kong.Flag) {
	name := "\\fB\\-\\-" + roff(f.Name) + "\\fR"
	if f.Tag.Negatable != "" {
		name += ", \\fB\\-\\-no\\-" + roff(f.Name) + "\\fR"
	}
	if f.Short != 0 {
		name = "\\fB\\-" + string(f.Short) + "\\fR, " + name
	}
	if !f.IsBool() {
		value := f.PlaceHolder
		if value == "" {
			value = "VALUE"
		}
		name += "=\\fI" + roff(value) + "\\fR"
	}
	fmt.Fprintf(b, ".TP\n%s\n%s\n", name, roff(f.Help))
}

// paragraphs writes a text whose blank lines part paragraphs, and whose
// indented lines stand as they are.
func paragraphs(b *bufio.Writer, text string) {
	literal := false
	for _, line := range strings.Split(text, "\n") {
		if code := strings.HasPrefix(line, "  "); code != literal {
			literal = code
			b.WriteString(map[bool]string{true: ".PP\n.nf\n", false: ".fi\n"}[code])
		}
		switch {
		case line == "":
			b.WriteString(".PP\n")
		default:
			b.WriteString(roff(line) + "\n")
			if !literal {
				b.WriteString(".br\n")
			}
		}
	}
	if literal {
		b.WriteString(".fi\n")
	}
}

// roff escapes what man(7) would take for its own.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
