package pull

import "strings"

// item is an element of a list with what belongs to it. Between two items stand
// the earlier one's trail, the later one's pre, the comma, the earlier one's
// after, and the later one's lead.
type item struct {
	pre, lead, body, trail, after string
	gone                          bool
	put                           []string // new elements behind it
}

// items takes the list of a statement apart. tail is what follows the last item.
func (s *statement) items() (list []item, tail string) {
	text := s.doc.Text
	n := len(s.Elements)
	list = make([]item, n)
	for i, e := range s.Elements {
		list[i].body = text[e.Start:e.End]
		if i == 0 {
			list[i].lead = text[s.List.Start:e.Start]
			continue
		}
		gap := text[s.Elements[i-1].End:e.Start]
		comma := s.comma(i)
		if comma < 0 { // SQLite's constraints do without
			list[i].lead = gap
			continue
		}
		comma -= s.Elements[i-1].End
		list[i-1].trail, list[i].pre = line(gap[:comma])
		list[i-1].after, list[i].lead = line(gap[comma+1:])
	}
	list[n-1].after, tail = line(text[s.Elements[n-1].End:s.List.End])
	if strings.Contains(list[n-1].pre, "\n") { // the commas stand in front
		list[n-1].trail, list[n-1].after = list[n-1].after, ""
	}
	return list, tail
}

// comma is the offset of the comma before an element, or -1.
func (s *statement) comma(i int) int {
	for _, t := range s.Tokens {
		if t.Start >= s.Elements[i-1].End && t.Start < s.Elements[i].Start && s.doc.Text[t.Start] == ',' {
			return t.Start
		}
	}
	return -1
}

// line splits a gap behind a comment that stands on the same line as what is
// before it.
func line(gap string) (comment, rest string) {
	end := strings.IndexByte(gap, '\n')
	if end < 0 {
		end = len(gap)
	} else if end > 0 && gap[end-1] == '\r' {
		end--
	}
	if strings.TrimSpace(gap[:end]) == "" {
		return "", gap
	}
	return gap[:end], gap[end:]
}

// join puts a list together again.
func join(list []item, tail, nl string) string {
	var flat []item
	carried := "" // comments above a removed item that belong to none
	for i, it := range list {
		if it.gone {
			carried += detached(it.lead)
		} else {
			it.lead = carried + it.lead
			carried = ""
			flat = append(flat, it)
		}
		for _, body := range it.put {
			pre, lead := separators(list, i)
			next := item{pre: pre, lead: lead, body: body}
			if i == 0 && it.gone && len(flat) == 0 {
				next.pre, next.lead = "", blank(list[0].lead)
			}
			flat = append(flat, next)
		}
	}
	var b strings.Builder
	for i, it := range flat {
		if i == 0 {
			if list[0].gone && strings.TrimSpace(it.lead) == "" {
				it.lead = blank(list[0].lead)
			}
			b.WriteString(it.lead + it.body)
			continue
		}
		before := flat[i-1]
		b.WriteString(before.trail)
		b.WriteString(broken(before.trail, it.pre, nl) + ",")
		b.WriteString(before.after)
		b.WriteString(broken(before.after, it.lead, nl) + it.body)
	}
	if n := len(flat); n > 0 {
		end := flat[n-1].trail + flat[n-1].after
		b.WriteString(end)
		tail = broken(end, tail, nl)
	}
	return b.String() + tail
}

// separators are what a new item behind the i-th has before and behind its
// comma: what the one after that has, or else the one before.
func separators(list []item, i int) (pre, lead string) {
	switch {
	case i+1 < len(list):
		return blank(list[i+1].pre), blank(list[i+1].lead)
	case i > 0:
		return blank(list[i].pre), blank(list[i].lead)
	}
	if first := blank(list[0].lead); strings.Contains(first, "\n") {
		return "", first
	}
	return "", " "
}

// blank is the space of a gap that has comments in it, with one end of line at most.
func blank(gap string) string {
	if i := strings.LastIndexByte(gap, '\n'); i >= 0 {
		if i > 0 && gap[i-1] == '\r' {
			i--
		}
		return strings.TrimRight(gap[i:], " \t") + indent(gap)
	}
	if strings.TrimSpace(gap) != "" {
		return " "
	}
	return gap
}

// indent is the space behind the last end of line.
func indent(gap string) string {
	rest := gap[strings.LastIndexByte(gap, '\n')+1:]
	return rest[:len(rest)-len(strings.TrimLeft(rest, " \t"))]
}

// broken is a gap that ends the line if what stands before it needs that.
func broken(before, gap, nl string) string {
	if (strings.Contains(before, "--") || strings.Contains(before, "#")) && !strings.HasPrefix(strings.TrimLeft(gap, " \t\r"), "\n") {
		return nl + gap
	}
	return gap
}

// detached is the part of a removed item's lead that does not belong to it: all
// up to a blank line.
func detached(lead string) string {
	for _, mark := range []string{"\n\n", "\r\n\r\n"} {
		if i := strings.LastIndex(lead, mark); i > 0 && strings.TrimSpace(lead[:i]) != "" {
			return strings.TrimRight(lead[:i], " \t\r\n")
		}
	}
	return ""
}
