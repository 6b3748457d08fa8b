package postgres

import (
	"context"
	"fmt"
	"strings"
)

// Waits asks, on another connection, who blocks the session. Without the
// privileges of pg_read_all_stats the server hides the queries of other roles.
func (s *session) Waits(ctx context.Context) (string, error) {
	if s.watch == nil || s.watch.IsClosed() {
		conn, err := connect(ctx, s.server.address)
		if err != nil {
			return "", err
		}
		s.watch = conn
	}
	var who []string
	err := script(ctx, s.watch, newInterner(), []query{{fmt.Sprintf(`SELECT b.pid, a.usename, a.application_name, a.state, to_char(a.xact_start, 'HH24:MI:SS'),
 regexp_replace(left(a.query, 200), '\s+', ' ', 'g') FROM (SELECT DISTINCT unnest(pg_blocking_pids(%d)) AS pid) b LEFT JOIN pg_stat_activity a USING (pid) ORDER BY b.pid`, s.conn.PID()), func(r row) error {
		who = append(who, blocker(r))
		return nil
	}}})
	if err != nil || len(who) == 0 {
		return "", err
	}
	return "for a lock of " + strings.Join(who, "; and of "), nil
}

// blocker is "pid 12 (user app, psql, idle in transaction since 09:15:02): UPDATE ..".
func blocker(r row) string {
	var about []string
	if v := r.text(1); v != "" {
		about = append(about, "user "+v)
	}
	if v := r.text(2); v != "" {
		about = append(about, v)
	}
	if v := r.text(3); v != "" {
		about = append(about, v+" since "+r.text(4))
	}
	text := "pid " + r.text(0)
	if len(about) > 0 {
		text += " (" + strings.Join(about, ", ") + ")"
	}
	if q := r.text(5); q != "" {
		text += ": " + q
	}
	return text
}
