package mysql

import (
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
)

// clientSettings are what the command line clients read from option files and
// the environment.
type clientSettings struct {
	User, Password, Host, Port, Socket string
	SSLMode, SSLCA, SSLCert, SSLKey    string
}

// load reads the settings in the client's order: the global option files, the
// user's, then the environment for what is still unknown.
func (clientSettings) load() clientSettings {
	var s clientSettings
	files := []string{"/etc/my.cnf", "/etc/mysql/my.cnf"}
	if dir := os.Getenv("MYSQL_HOME"); dir != "" {
		files = append(files, filepath.Join(dir, "my.cnf"))
	}
	if home, err := os.UserHomeDir(); err == nil {
		files = append(files, filepath.Join(home, ".my.cnf"))
	}
	for _, f := range files {
		s.read(f, 0)
	}
	for _, e := range []struct {
		field *string
		name  string
	}{{&s.Password, "MYSQL_PWD"}, {&s.Host, "MYSQL_HOST"}, {&s.Port, "MYSQL_TCP_PORT"}, {&s.Socket, "MYSQL_UNIX_PORT"}} {
		if *e.field == "" {
			*e.field = os.Getenv(e.name)
		}
	}
	if s.User == "" {
		if u, err := user.Current(); err == nil {
			s.User = u.Username
		}
	}
	return s
}

// socket is the server's socket: the one that was set, or one of the usual that exists.
func (s clientSettings) socket() string {
	if s.Socket != "" {
		return s.Socket
	}
	for _, p := range []string{"/run/mysqld/mysqld.sock", "/var/run/mysqld/mysqld.sock", "/var/lib/mysql/mysql.sock", "/tmp/mysql.sock"} {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return ""
}

// clientGroups are the groups of an option file that concern every client.
var clientGroups = []string{"client", "client-server", "client-mariadb"}

// read takes in an option file, and those that it includes. A file that cannot
// be read is none.
func (s *clientSettings) read(file string, depth int) {
	b, err := os.ReadFile(file)
	if err != nil || depth > 10 {
		return
	}
	ours := false
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case strings.HasPrefix(line, "!includedir"):
			dir := strings.TrimSpace(strings.TrimPrefix(line, "!includedir"))
			files, _ := filepath.Glob(filepath.Join(dir, "*.cnf")) //nolint:errcheck // only a bad pattern fails
			slices.Sort(files)
			for _, f := range files {
				s.read(f, depth+1)
			}
		case strings.HasPrefix(line, "!include"):
			s.read(strings.TrimSpace(strings.TrimPrefix(line, "!include")), depth+1)
		case line[0] == '[':
			ours = slices.Contains(clientGroups, strings.Trim(line, "[] "))
		case ours:
			name, value, _ := strings.Cut(line, "=")
			s.set(strings.ReplaceAll(strings.TrimSpace(name), "_", "-"), optionValue(value))
		}
	}
}

// optionValue takes off quotes, a comment behind the value, and escapes.
func optionValue(v string) string {
	v = strings.TrimSpace(v)
	if len(v) >= 2 && (v[0] == '"' || v[0] == '\'') && strings.IndexByte(v[1:], v[0]) == len(v)-2 {
		v = v[1 : len(v)-1]
	} else if i := strings.Index(v, " #"); i >= 0 {
		v = strings.TrimSpace(v[:i])
	}
	return strings.NewReplacer(`\\`, `\`, `\s`, " ", `\n`, "\n", `\t`, "\t", `\r`, "\r", `\b`, "\b").Replace(v)
}

func (s *clientSettings) set(name, value string) {
	switch name {
	case "user":
		s.User = value
	case "password":
		s.Password = value
	case "host":
		s.Host = value
	case "port":
		s.Port = value
	case "socket":
		s.Socket = value
	case "ssl-mode":
		s.SSLMode = value
	case "ssl-ca":
		s.SSLCA = value
	case "ssl-cert":
		s.SSLCert = value
	case "ssl-key":
		s.SSLKey = value
	case "ssl-verify-server-cert": // MariaDB's
		if value == "" || value == "1" || strings.EqualFold(value, "on") || strings.EqualFold(value, "true") {
			s.SSLMode = "VERIFY_IDENTITY"
		}
	case "skip-ssl":
		s.SSLMode = "DISABLED"
	}
}
