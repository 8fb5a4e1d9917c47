package org.millwright.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Problem;

class ContractTest {
    private static final String HEAD = """
            apiVersion: v3.1.0
            kind: DataContract
            id: flights
            version: 1.0.0
            status: active
            """;

    @Test
    void readsWhatColumnsImplyAndWhatRulesSpellOut() {
        Contract contract = Contract.parse("contract.yaml", HEAD + """
                        schema:
                          - name: flights
                            properties:
                              - {name: id, logicalType: string, primaryKey: true}
                              - {name: distance, logicalType: integer, required: true, logicalTypeOptions: {minimum: 1, exclusiveMaximum: 6000}}
                              - name: origin
                                logicalType: string
                                quality:
                                  - {metric: invalidValues, arguments: {validValues: [EWR, JFK]}, mustBeLessThan: 5, unit: percent, severity: warning}
                              - {name: time_hour, logicalType: timestamp}
                            quality:
                              - {metric: rowCount, mustBeBetween: [10, 20]}
                              - {metric: duplicateValues, arguments: {properties: [origin, time_hour]}, mustBe: 0}
                              - {type: sql, name: odd, query: "select count(*) from ${table};", mustBe: 0}
                              - {type: custom, engine: soda, implementation: x}
                              - {type: text, description: Nice data}
                            customProperties:
                              - {property: missing, value: [NA, "-"]}
                        slaProperties:
                          - {property: freshness, value: 2, unit: d, element: flights.time_hour}
                          - {property: retention, value: 10, unit: y}
                        """);

        ContractTable table = contract.table("flights");
        assertThat(table.rules())
                .extracting(Rule::id)
                .containsExactly(
                        "columns",
                        "other-columns",
                        "id.type",
                        "id.required",
                        "distance.type",
                        "distance.required",
                        "distance.range",
                        "origin.type",
                        "origin.invalidValues",
                        "time_hour.type",
                        "primaryKey",
                        "rowCount",
                        "duplicateValues",
                        "odd",
                        "custom",
                        "time_hour.freshness");
        assertThat(rule(table, "distance.range").check())
                .isEqualTo(new Rule.InRange("distance", "1", false, "6000", true));
        assertThat(rule(table, "origin.invalidValues").severity()).isEqualTo(Severity.WARNING);
        assertThat(rule(table, "origin.invalidValues").threshold().text()).isEqualTo("must be less than 5 %");
        assertThat(rule(table, "odd").check()).isEqualTo(new Rule.Sql("select count(*) from ${table}"));
        assertThat(rule(table, "time_hour.freshness").check())
                .isEqualTo(new Rule.Fresh("time_hour", Duration.ofDays(2)));
        assertThat(rule(table, "distance.range").line()).isEqualTo(10);
        assertThat(table.missing()).containsExactly("NA", "-");
    }

    @Test
    void namesEveryMistakeWithItsLine() {
        assertThatThrownBy(() -> Contract.parse("contract.yaml", HEAD + """
                                schema:
                                  - name: flights
                                    properties:
                                      - {name: distance, logicalType: whole}
                                      - {name: dest, logicalType: string, logicalTypeOptions: {pattern: "(["}}
                                      - {name: dest, logicalType: string, requird: true}
                                    quality:
                                      - {metric: rowCounts, mustBe: 1}
                                      - {metric: rowCount}
                                      - {metric: rowCount, mustBeBetween: [1]}
                                      - {metric: nullValues, mustBe: 0}
                                      - {metric: duplicateValues, arguments: {properties: [dist]}, mustBe: 0}
                                slaProperties:
                                  - {property: freshness, value: 2, unit: fortnight, element: flights.dest}
                                """))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("contract.yaml:9: schema[0].properties[0].logicalType: expected string, date")
                .hasMessageContaining("contract.yaml:10:")
                .hasMessageContaining("is no regular expression")
                .hasMessageContaining("a second column named 'dest'")
                .hasMessageContaining("unknown key 'requird'; did you mean 'required'?")
                .hasMessageContaining("contract.yaml:13: schema[0].quality[0]: unknown metric 'rowCounts'")
                .hasMessageContaining("contract.yaml:14: schema[0].quality[1]: expected exactly one of mustBe")
                .hasMessageContaining("contract.yaml:15: schema[0].quality[2].mustBeBetween: expected two numbers")
                .hasMessageContaining("belongs to a column, not to the table flights")
                .hasMessageContaining("no column 'dist'; did you mean 'dest'?")
                .hasMessageContaining("expected a unit such as min")
                .hasMessageContaining("contract.yaml:19: slaProperties[0]: expected the element to be a date");
    }

    @Test
    void refusesOtherFiles() {
        assertThatThrownBy(() -> Contract.parse("c.yaml", "apiVersion: v2.2.0\nkind: Pipelines\n"))
                .hasMessageContaining("c.yaml:1: apiVersion: expected v3.1.0")
                .hasMessageContaining("expected kind: DataContract")
                .hasMessageContaining("missing key 'id'");
    }

    @Test
    void theDigestDependsOnWhatIsPromisedOnly() {
        String one = HEAD + "schema:\n  - name: t\n    properties:\n      - {name: a, logicalType: integer}\n";
        String commented =
                HEAD + "# more\nschema:\n  - name: t\n    properties:\n      - name: a\n        logicalType: integer\n";
        String stricter = HEAD
                + "schema:\n  - name: t\n    properties:\n      - {name: a, logicalType: integer, required: true}\n";

        assertThat(digest(commented)).isEqualTo(digest(one));
        assertThat(digest(stricter)).isNotEqualTo(digest(one));
    }

    @Test
    void namesTheTablesThatThereAre() {
        var contract = Contract.parse("c.yaml", HEAD + "schema: [{name: t}]\n");

        assertThatThrownBy(() -> contract.table("x")).hasMessageContaining("promises nothing about 'x' (it has: t)");
    }

    private static String digest(String text) {
        return Contract.parse("c.yaml", text).table("t").digest();
    }

    private static Rule rule(ContractTable table, String id) {
        return table.rules().stream()
                .filter(rule -> rule.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
