package org.millwright.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millwright.kernel.Problem;

class FrameworkMapTest {
    private static final String MAP = """
            apiVersion: millwright/v1
            kind: FrameworkMap
            framework: house
            title: House rules
            version: "1"
            date: 2026-11-30
            source: The house
            items:
              - {id: a, title: Approved, records: [approvals], owes: approver}
              - {id: b, title: Measured, records: [metrics], owes: data-scientist}
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"eu-ai-act", "iso-42001", "nist-ai-rmf", "sr-11-7", "sr-26-2"})
    void everyMapNamesQueriesThatExistAndEachItemOnce(String framework) {
        FrameworkMap map = new FrameworkMaps(folder.resolve("none")).get(framework);

        Set<String> ids = new HashSet<>();
        map.items().forEach(item -> {
            assertThat(ids.add(item.id())).as(item.id()).isTrue();
            assertThat(Queries.names()).containsAll(item.records());
        });
        assertThat(ids).hasSizeGreaterThan(10);
        assertThat(map.text()).doesNotContainIgnoringCase("compliant");
    }

    @Test
    void isoHasItsThirtyEightControls() {
        assertThat(new FrameworkMaps(folder).get("iso-42001").items()).hasSize(38);
    }

    @Test
    void everyMistakeOfAMapIsNamedWithItsLine() {
        String wrong = MAP.replace("records: [approvals]", "records: [aprovals]")
                .replace("{id: b,", "{id: a,")
                .replace("owes: data-scientist", "owes: nobody")
                .replace("date: 2026-11-30", "date: tomorrow");

        assertThatThrownBy(() -> FrameworkMap.parse("house.yaml", wrong))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("house.yaml:9: items[0]: no query 'aprovals'; did you mean 'approvals'?")
                .hasMessageContaining("house.yaml:10: items[1]: id 'a' occurs twice")
                .hasMessageContaining("Unknown role 'nobody'")
                .hasMessageContaining("date: 'tomorrow' (expected: such as 2026-11-30)");
    }

    @Test
    void anOwnMapStandsInForOneOfTheSameName() throws IOException {
        Files.writeString(folder.resolve("sr.yaml"), MAP.replace("framework: house", "framework: sr-26-2"));
        Files.writeString(folder.resolve("notes.txt"), "no map");

        var maps = new FrameworkMaps(folder);
        assertThat(maps.all()).hasSize(5);
        assertThat(maps.get("sr-26-2").title()).isEqualTo("House rules");
        assertThatThrownBy(() -> maps.get("eu-ai-akt")).hasMessageContaining("did you mean 'eu-ai-act'?");
    }
}
