package org.millwright.lineage;

import static org.millwright.schema.Tables.LINEAGE_EDGE;

import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.millwright.kernel.Database;

/** The edges in the database. */
final class EdgeStore {
    private static final int TOGETHER = 500;

    private final Database database;

    EdgeStore(Database database) {
        this.database = database;
    }

    void insert(Edge edge) {
        database.dsl()
                .insertInto(LINEAGE_EDGE)
                .set(LINEAGE_EDGE.FROM_REF, edge.from())
                .set(LINEAGE_EDGE.TO_REF, edge.to())
                .set(LINEAGE_EDGE.RUN_ID, edge.run())
                .set(LINEAGE_EDGE.AT, edge.at())
                .onConflictDoNothing()
                .execute();
    }

    List<Edge> into(List<String> refs) {
        return edges(LINEAGE_EDGE.TO_REF, refs);
    }

    List<Edge> outOf(List<String> refs) {
        return edges(LINEAGE_EDGE.FROM_REF, refs);
    }

    List<Edge> ofRun(String run) {
        return edges(LINEAGE_EDGE.RUN_ID.eq(run));
    }

    private List<Edge> edges(Field<String> side, List<String> refs) {
        var found = new ArrayList<Edge>();
        for (int from = 0; from < refs.size(); from += TOGETHER) {
            found.addAll(edges(side.in(refs.subList(from, Math.min(refs.size(), from + TOGETHER)))));
        }
        return found;
    }

    private List<Edge> edges(Condition condition) {
        return database.dsl()
                .selectFrom(LINEAGE_EDGE)
                .where(condition)
                .orderBy(LINEAGE_EDGE.AT, LINEAGE_EDGE.FROM_REF, LINEAGE_EDGE.TO_REF, LINEAGE_EDGE.RUN_ID)
                .fetch(row -> new Edge(
                        row.get(LINEAGE_EDGE.FROM_REF),
                        row.get(LINEAGE_EDGE.TO_REF),
                        row.get(LINEAGE_EDGE.RUN_ID),
                        row.get(LINEAGE_EDGE.AT)));
    }
}
