package org.millwright.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class EdgesTest {
    private final Database database;
    private final Edges edges;

    EdgesTest(OnDatabases.Maker maker) {
        database = maker.make();
        edges = new Edges(database, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void followsWhatCameFromWhatBothWays() {
        edges.record("r1", List.of("dataset:flights@2013-01/1", "dataset:weather@2013-01/1"), List.of("table:a"));
        edges.record("r1", "table:a", "model:delays/1");
        edges.record("r2", "model:delays/1", "deployment:delays");
        edges.record("r2", "dataset:flights@2013-02/1", "table:b");

        assertThat(edges.ancestors("deployment:delays"))
                .extracting(Edge::from)
                .containsExactly("model:delays/1", "table:a", "dataset:flights@2013-01/1", "dataset:weather@2013-01/1");
        assertThat(edges.descendants("dataset:weather@2013-01/1"))
                .extracting(Edge::to)
                .containsExactly("table:a", "model:delays/1", "deployment:delays");
        assertThat(edges.ancestors("dataset:flights@2013-02/1")).isEmpty();
        assertThat(edges.ofRun("r2")).hasSize(2);
    }

    @Test
    void anEdgeIsKeptOnceAndACycleEnds() {
        for (int i = 0; i < 3; i++) {
            edges.record("r1", "a:1", "b:1");
        }
        edges.record("r1", "b:1", "a:1");
        edges.record("r1", "a:1", "a:1");

        assertThat(edges.descendants("a:1")).hasSize(2);
        assertThat(edges.ancestors("a:1")).hasSize(2);
    }

    @Test
    void whoeverIsAnAncestorHasADescendant() {
        var random = new java.util.Random(3);
        for (int i = 0; i < 40; i++) {
            int from = random.nextInt(20);
            edges.record("r" + i % 7, "n:" + from, "n:" + (from + 1 + random.nextInt(5)));
        }
        for (int node = 0; node < 25; node++) {
            String ref = "n:" + node;
            edges.ancestors(ref).stream()
                    .map(Edge::from)
                    .distinct()
                    .forEach(ancestor -> assertThat(edges.descendants(ancestor))
                            .extracting(Edge::to)
                            .contains(ref));
        }
    }
}
