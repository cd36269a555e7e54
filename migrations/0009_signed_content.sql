-- What the version said when it was signed: the hash of its content. Empty: recorded before this column; such a signature goes
-- on counting for whatever its version says.

ALTER TABLE acknowledgement ADD COLUMN content TEXT NOT NULL DEFAULT '';
