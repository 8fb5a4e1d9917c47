package org.millwright.registry;

import static org.millwright.schema.Tables.EXTERNAL_MODEL;

import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.project.RiskTier;

/** Models that are served elsewhere, in the database. */
final class ExternalModelStore {
    private final Database database;

    ExternalModelStore(Database database) {
        this.database = database;
    }

    Optional<ExternalModel> find(String name) {
        return database.dsl()
                .selectFrom(EXTERNAL_MODEL)
                .where(EXTERNAL_MODEL.NAME.eq(name))
                .fetchOptional(ExternalModelStore::model);
    }

    List<ExternalModel> all() {
        return database.dsl()
                .selectFrom(EXTERNAL_MODEL)
                .orderBy(EXTERNAL_MODEL.NAME)
                .fetch(ExternalModelStore::model);
    }

    void save(ExternalModel model) {
        database.dsl()
                .deleteFrom(EXTERNAL_MODEL)
                .where(EXTERNAL_MODEL.NAME.eq(model.name()))
                .execute();
        database.dsl()
                .insertInto(EXTERNAL_MODEL)
                .set(EXTERNAL_MODEL.NAME, model.name())
                .set(EXTERNAL_MODEL.OWNER, model.owner())
                .set(EXTERNAL_MODEL.SERVED_AT, model.servedAt())
                .set(EXTERNAL_MODEL.PURPOSE, model.purpose())
                .set(EXTERNAL_MODEL.TIER, model.tier().text())
                .set(EXTERNAL_MODEL.SUPPLIER, model.supplier())
                .set(EXTERNAL_MODEL.REVIEW_AT, model.reviewAt().orElse(null))
                .set(EXTERNAL_MODEL.REASON, model.reason())
                .set(EXTERNAL_MODEL.RETIRED_AT, model.retiredAt().orElse(null))
                .set(EXTERNAL_MODEL.ADDED_BY, model.addedBy())
                .set(EXTERNAL_MODEL.ADDED_AT, model.addedAt())
                .set(EXTERNAL_MODEL.CHANGED_AT, model.changedAt())
                .execute();
    }

    private static ExternalModel model(Record row) {
        return new ExternalModel(
                row.get(EXTERNAL_MODEL.NAME),
                row.get(EXTERNAL_MODEL.OWNER),
                row.get(EXTERNAL_MODEL.SERVED_AT),
                row.get(EXTERNAL_MODEL.PURPOSE),
                RiskTier.of(row.get(EXTERNAL_MODEL.TIER)),
                row.get(EXTERNAL_MODEL.SUPPLIER),
                Optional.ofNullable(row.get(EXTERNAL_MODEL.REVIEW_AT)),
                Optional.ofNullable(row.get(EXTERNAL_MODEL.REASON)).orElse(""),
                Optional.ofNullable(row.get(EXTERNAL_MODEL.RETIRED_AT)),
                row.get(EXTERNAL_MODEL.ADDED_BY),
                row.get(EXTERNAL_MODEL.ADDED_AT),
                row.get(EXTERNAL_MODEL.CHANGED_AT));
    }
}
