-- Exports as snapshots of a period: how fine the sales of a file are, what it lists in full, when a sale was last told so.

ALTER TABLE file ADD COLUMN grain TEXT NOT NULL DEFAULT 'documents' CHECK (grain IN ('documents', 'turnovers'));

-- JSON list of the organisations whose documents of the span the file lists in full; NULL: absence proves nothing.
ALTER TABLE file ADD COLUMN full_of TEXT;

-- As-of of the newest file that told the document so.
ALTER TABLE sale ADD COLUMN told_ms BIGINT NOT NULL DEFAULT 0;

-- Until now a file that covers the day and told nothing else counted as telling it again.
UPDATE sale SET told_ms = COALESCE((
    SELECT MAX(file.as_of_ms)
    FROM file
    WHERE file.hash = sale.file_hash
       OR (file.kind = 'sales' AND file.state = 'accepted' AND file.span_from <= sale.sold_on
           AND file.span_to >= sale.sold_on
           AND (file.organisation = '' OR sale.organisation = '' OR file.organisation = sale.organisation))
), 0);

CREATE INDEX sale_sold ON sale (sold_on) WHERE superseded_ms IS NULL;
