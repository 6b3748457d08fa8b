-- Who may sign in.
CREATE TABLE account (
  id INTEGER PRIMARY KEY, -- given by the database
  email TEXT NOT NULL
);
