-- What the fuzzed expressions and queries are about.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN posint AS integer CHECK (VALUE > 0);
CREATE DOMAIN email AS text;
CREATE TYPE addr AS (street text, zip varchar(10));
CREATE SCHEMA app;
CREATE TABLE users (id integer PRIMARY KEY, name varchar(100), email email, mood mood, ad addr, active boolean, created_at timestamptz, tags text[], meta jsonb, parent_id int);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id integer, total numeric(10,2), placed date, status text, note varchar(20));
CREATE TABLE items (order_id bigint, sku text, qty int, price numeric);
CREATE TABLE app.users (id int, label text);
CREATE TABLE t (id integer PRIMARY KEY, a int, b int, big bigint, sm smallint, name varchar(100), txt text, c char(5), price numeric(10,2), n numeric, fl double precision, r real,
 ok boolean, dt date, ts timestamp, tz timestamptz, tm time, iv interval, tags text[], vtags varchar(20)[], nums integer[], j json, jb jsonb, u uuid, m mood, ms mood[], pi posint, em email, ad addr, ip inet, by bytea, rg int4range, mo money, bt bit(3), vb varbit, nm name, x xml);
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'select a';
CREATE VIEW base AS SELECT id, name FROM users WHERE active;
