package dialects

import (
	"net/url"
	"regexp"
	"strings"
)

var keywordPassword = regexp.MustCompile(`(?i)\b(password|passwd|pwd)\s*=\s*('(?:[^'\\]|\\.)*'|\S+)`)

// Redact is a target without its password, for people and logs.
func Redact(target string) string {
	if scheme, _, ok := strings.Cut(target, "://"); ok && !strings.Contains(scheme, " ") {
		u, err := url.Parse(target)
		if err != nil || strings.Contains(u.Path+u.RawQuery+u.Fragment, "@") { // an unescaped character, perhaps in the password itself
			if i := strings.LastIndexByte(target, '@'); i >= 0 {
				return scheme + "://" + target[i+1:]
			}
			return scheme + "://"
		}
		if u.User != nil {
			u.User = url.User(u.User.Username())
		}
		q := u.Query()
		for k := range q {
			if strings.Contains(strings.ToLower(k), "passw") {
				q.Del(k)
			}
		}
		u.RawQuery = q.Encode()
		return u.String()
	}
	return keywordPassword.ReplaceAllString(target, "$1=***")
}
