package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Waits reads the session's state in the list of processes, and who may be
// meant. Which session holds a metadata lock is told only by
// performance_schema, where that is switched on (MySQL 8); elsewhere the open
// transactions are named, the oldest first, and what else has been running for
// longer.
func (s *session) Waits(ctx context.Context) (string, error) {
	var state sql.NullString
	err := s.db.QueryRowContext(ctx, "SELECT STATE FROM information_schema.PROCESSLIST WHERE ID = ?", s.id).Scan(&state)
	if err != nil || !strings.Contains(strings.ToLower(state.String), "wait") {
		return "", err
	}
	who, err := s.holders(ctx, `SELECT DISTINCT p.ID, p.USER, p.COMMAND, COALESCE(DATE_FORMAT(t.trx_started, '%H:%i:%s'), ''), COALESCE(p.INFO, '')
 FROM performance_schema.metadata_locks w JOIN performance_schema.threads wt ON wt.THREAD_ID = w.OWNER_THREAD_ID AND wt.PROCESSLIST_ID = ?
 JOIN performance_schema.metadata_locks h ON h.OBJECT_TYPE = w.OBJECT_TYPE AND h.OBJECT_SCHEMA <=> w.OBJECT_SCHEMA AND h.OBJECT_NAME <=> w.OBJECT_NAME
  AND h.LOCK_STATUS = 'GRANTED' AND h.OWNER_THREAD_ID <> w.OWNER_THREAD_ID
 JOIN performance_schema.threads ht ON ht.THREAD_ID = h.OWNER_THREAD_ID JOIN information_schema.PROCESSLIST p ON p.ID = ht.PROCESSLIST_ID
 LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID
 WHERE w.LOCK_STATUS = 'PENDING' ORDER BY p.ID`)
	if err != nil || len(who) == 0 { // MariaDB has no such table
		who, err = s.holders(ctx, `SELECT p.ID, p.USER, p.COMMAND, COALESCE(DATE_FORMAT(t.trx_started, '%H:%i:%s'), ''), COALESCE(p.INFO, t.trx_query, '')
 FROM information_schema.PROCESSLIST p LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID
 WHERE p.ID <> ? AND p.ID <> CONNECTION_ID() AND p.COMMAND NOT IN ('Daemon', 'Binlog Dump') AND p.USER <> 'system user'
  AND (t.trx_id IS NOT NULL OR p.DB = DATABASE() AND p.COMMAND <> 'Sleep')
 ORDER BY t.trx_started IS NULL, t.trx_started, p.TIME DESC LIMIT 3`)
	}
	text := fmt.Sprintf("(%s)", state.String)
	if err == nil && len(who) > 0 {
		text += ", perhaps for " + strings.Join(who, "; or ")
	}
	return text, nil
}

// holders reads who has a lock, or may have it.
func (s *session) holders(ctx context.Context, query string) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, query, s.id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id int64
		var user, command, since, info string
		if err := rows.Scan(&id, &user, &command, &since, &info); err != nil {
			return nil, err
		}
		if since != "" {
			since = ", in a transaction since " + since
		}
		text := fmt.Sprintf("connection %d (user %s, %s%s)", id, user, strings.ToLower(command), since)
		if info = strings.Join(strings.Fields(info), " "); info != "" {
			text += ": " + cutAt(info, 200)
		}
		out = append(out, text)
	}
	return out, rows.Err()
}

// cutAt is at most n runes of a text.
func cutAt(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n])
	}
	return text
}
