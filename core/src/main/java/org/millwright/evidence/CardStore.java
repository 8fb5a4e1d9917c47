package org.millwright.evidence;

import static org.millwright.schema.Tables.CARD_SECTION;

import java.util.List;
import org.millwright.kernel.Database;

/** Hand-written sections in the database; each edit is a row of its own. */
final class CardStore {
    private final Database database;

    CardStore(Database database) {
        this.database = database;
    }

    void insert(String id, String subject, Written written) {
        database.dsl()
                .insertInto(CARD_SECTION)
                .set(CARD_SECTION.ID, id)
                .set(CARD_SECTION.SUBJECT, subject)
                .set(CARD_SECTION.SECTION, written.section().id())
                .set(CARD_SECTION.VERSION, written.version())
                .set(CARD_SECTION.TEXT, written.text())
                .set(CARD_SECTION.AUTHOR, written.author())
                .set(CARD_SECTION.AT, written.at())
                .execute();
    }

    /** Everything written about a subject up to a version, what is shown of a section last. */
    List<Written> upTo(String subject, long version) {
        return database.dsl()
                .selectFrom(CARD_SECTION)
                .where(CARD_SECTION.SUBJECT.eq(subject).and(CARD_SECTION.VERSION.le(version)))
                .orderBy(CARD_SECTION.VERSION, CARD_SECTION.AT, CARD_SECTION.ID)
                .fetch(row -> new Written(
                        Section.of(row.get(CARD_SECTION.SECTION)),
                        row.get(CARD_SECTION.VERSION),
                        row.get(CARD_SECTION.TEXT),
                        row.get(CARD_SECTION.AUTHOR),
                        row.get(CARD_SECTION.AT)));
    }
}
