package org.millwright.tracking;

import static org.millwright.schema.Tables.SAVED_VIEW;

import java.util.ArrayList;
import java.util.List;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Saved views in the database. */
final class SavedViewStore {
    private final Database database;

    SavedViewStore(Database database) {
        this.database = database;
    }

    /** Writes a view over the one of the same name. */
    void put(long experiment, SavedView view) {
        String columns = Json.write(view.columns());
        database.dsl()
                .insertInto(SAVED_VIEW)
                .set(SAVED_VIEW.EXPERIMENT_ID, experiment)
                .set(SAVED_VIEW.NAME, view.name())
                .set(SAVED_VIEW.STAGE, view.view().name())
                .set(SAVED_VIEW.FILTER, view.filter())
                .set(SAVED_VIEW.ORDER_BY, view.orderBy())
                .set(SAVED_VIEW.COLUMN_LIST, columns)
                .set(SAVED_VIEW.SAVED_BY, view.savedBy())
                .set(SAVED_VIEW.SAVED_AT, view.savedAt())
                .onConflict(SAVED_VIEW.EXPERIMENT_ID, SAVED_VIEW.NAME)
                .doUpdate()
                .set(SAVED_VIEW.STAGE, view.view().name())
                .set(SAVED_VIEW.FILTER, view.filter())
                .set(SAVED_VIEW.ORDER_BY, view.orderBy())
                .set(SAVED_VIEW.COLUMN_LIST, columns)
                .set(SAVED_VIEW.SAVED_BY, view.savedBy())
                .set(SAVED_VIEW.SAVED_AT, view.savedAt())
                .execute();
    }

    boolean delete(long experiment, String name) {
        return database.dsl()
                        .deleteFrom(SAVED_VIEW)
                        .where(SAVED_VIEW.EXPERIMENT_ID.eq(experiment).and(SAVED_VIEW.NAME.eq(name)))
                        .execute()
                > 0;
    }

    List<SavedView> list(long experiment) {
        return database.dsl()
                .selectFrom(SAVED_VIEW)
                .where(SAVED_VIEW.EXPERIMENT_ID.eq(experiment))
                .orderBy(SAVED_VIEW.NAME)
                .fetch(SavedViewStore::view);
    }

    private static SavedView view(Record row) {
        var columns = new ArrayList<String>();
        Json.parse(row.get(SAVED_VIEW.COLUMN_LIST)).forEach(column -> columns.add(column.asText()));
        return new SavedView(
                Long.toString(row.get(SAVED_VIEW.EXPERIMENT_ID)),
                row.get(SAVED_VIEW.NAME),
                View.valueOf(row.get(SAVED_VIEW.STAGE)),
                row.get(SAVED_VIEW.FILTER),
                row.get(SAVED_VIEW.ORDER_BY),
                columns,
                row.get(SAVED_VIEW.SAVED_BY),
                row.get(SAVED_VIEW.SAVED_AT));
    }
}
