package org.millwright.registry;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.millwright.kernel.Database;
import org.millwright.kernel.Page;
import org.millwright.tracking.Clause.Entity;
import org.millwright.tracking.PageToken;
import org.millwright.tracking.SearchFilter;
import org.millwright.tracking.SearchGrammar;
import org.millwright.tracking.SearchOrder;

/** Finds versions by filters of MLflow's language. */
final class VersionSearch {
    private static final int MAX_PAGE = 200_000;
    private static final SearchGrammar GRAMMAR = new SearchGrammar(
            Set.of("name", "run_id", "source_path"),
            Set.of("version_number"),
            Map.of(),
            EnumSet.of(Entity.TAG),
            Set.of("name", "run_id"),
            Set.of("name", "version_number", "creation_timestamp", "last_updated_timestamp"),
            EnumSet.noneOf(Entity.class));

    private final Database database;
    private final VersionStore versions;

    VersionSearch(Database database, VersionStore versions) {
        this.database = database;
        this.versions = versions;
    }

    /** @param readable of a model's name, whether its versions may be told */
    Page<ModelVersion> search(
            Predicate<String> readable, String filter, List<String> orderBy, int limit, String token) {
        ModelRules.requireLimit(limit, MAX_PAGE);
        var clauses = SearchFilter.parse(filter, GRAMMAR);
        var orders = SearchOrder.parse(orderBy, GRAMMAR);
        return Page.filled(limit, token, version -> readable.test(version.name()), (most, from) -> {
            int offset = PageToken.offset(from);
            return database.read(
                    () -> PageToken.page(versions.search(clauses, orders, offset, most + 1), offset, most));
        });
    }
}
