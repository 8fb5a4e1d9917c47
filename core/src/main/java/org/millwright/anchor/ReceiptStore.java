package org.millwright.anchor;

import static org.millwright.schema.Tables.ANCHOR_RECEIPT;

import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Database;

/** The answers of transparency logs in the database. */
final class ReceiptStore {
    private final Database database;

    ReceiptStore(Database database) {
        this.database = database;
    }

    /** One answer, and which checkpoint of which place it is about. */
    record Row(String target, long size, Receipt receipt) {}

    void insert(String target, long size, Receipt receipt) {
        database.dsl()
                .insertInto(ANCHOR_RECEIPT)
                .set(ANCHOR_RECEIPT.TARGET, target)
                .set(ANCHOR_RECEIPT.SIZE, size)
                .set(ANCHOR_RECEIPT.UUID, receipt.uuid())
                .set(ANCHOR_RECEIPT.BUNDLE, receipt.bundle())
                .onConflictDoNothing()
                .execute();
    }

    Optional<Receipt> get(String target, long size) {
        return database.dsl()
                .selectFrom(ANCHOR_RECEIPT)
                .where(ANCHOR_RECEIPT.TARGET.eq(target).and(ANCHOR_RECEIPT.SIZE.eq(size)))
                .fetchOptional(row -> new Receipt(row.get(ANCHOR_RECEIPT.UUID), row.get(ANCHOR_RECEIPT.BUNDLE)));
    }

    /** Answers by the size of what they are about: later ones come after. */
    List<Row> page(int from, int limit) {
        return database.dsl()
                .selectFrom(ANCHOR_RECEIPT)
                .orderBy(ANCHOR_RECEIPT.SIZE, ANCHOR_RECEIPT.TARGET)
                .limit(from, limit)
                .fetch(row -> new Row(
                        row.get(ANCHOR_RECEIPT.TARGET),
                        row.get(ANCHOR_RECEIPT.SIZE),
                        new Receipt(row.get(ANCHOR_RECEIPT.UUID), row.get(ANCHOR_RECEIPT.BUNDLE))));
    }
}
