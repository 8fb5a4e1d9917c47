package org.millwright.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.profile.ContractCheck;
import org.millwright.scoring.profile.ContractCheck.Kind;
import org.millwright.scoring.profile.ContractCheck.Most;
import org.millwright.scoring.profile.ContractChecks;

class LiveRulesTest {
    private static final String CONTRACT = """
            apiVersion: v3.1.0
            kind: DataContract
            id: flights
            version: 1.0.0
            status: active
            schema:
              - name: flights
                properties:
                  - {name: id, logicalType: string, primaryKey: true}
                  - {name: distance, logicalType: integer, required: true, logicalTypeOptions: {minimum: 1, exclusiveMaximum: 6000, multipleOf: 5, format: i16}}
                  - {name: speed, logicalType: number, quality: [{metric: invalidValues, arguments: {validValues: [1, 2.5]}, mustBeBetween: [0, 20]}]}
                  - name: origin
                    logicalType: string
                    logicalTypeOptions: {minLength: 3, maxLength: 3, pattern: "^[A-Z]+$"}
                    quality:
                      - {metric: invalidValues, arguments: {validValues: [EWR, JFK]}, mustBeLessThan: 5, unit: percent, severity: warning}
                      - {metric: missingValues, arguments: {missingValues: [NA, "-"]}, mustBeLessThan: 3}
                      - {metric: nullValues, mustBeGreaterThan: 3, severity: info, name: some}
                      - {metric: duplicateValues, mustBe: 0}
                      - {metric: nullValues, mustBeLessOrEqualTo: 10, unit: percent, severity: info, name: few}
                  - {name: late, logicalType: boolean}
                  - {name: time_hour, logicalType: timestamp, required: true, logicalTypeOptions: {minimum: "2013-01-01"}}
                  - {name: year, logicalType: integer, logicalTypeOptions: {minimum: 2013, maximum: 2013}}
                  - {name: gate, logicalType: string, quality: [{metric: invalidValues, arguments: {pattern: "^[A-F]"}, mustBe: 0}]}
                quality:
                  - {metric: rowCount, mustBeBetween: [10, 20]}
                  - {type: sql, name: odd, query: "select count(*) from ${table}", mustBe: 0}
                  - {type: custom, engine: soda, implementation: x}
              - name: planes
                properties:
                  - {name: year, logicalType: integer, logicalTypeOptions: {minimum: 1930, maximum: 2013}}
                  - {name: gate, logicalType: string, quality: [{metric: invalidValues, arguments: {pattern: "^[A-F]"}, mustBe: 0}]}
            slaProperties:
              - {property: freshness, value: 2, unit: d, element: flights.time_hour}
            """;

    private final ContractChecks checks = LiveRules.of(
            Contract.parse("contract.yaml", CONTRACT).tables(),
            List.of("distance", "speed", "origin", "late", "time_hour", "year", "gate"));

    private ContractCheck check(String rule) {
        return checks.checks().stream()
                .filter(check -> check.source().rule().equals(rule))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void saysOfEveryKindOfRuleWhatARowMustBe() {
        assertThat(checks.checks().stream()
                        .map(check -> check.source().rule() + " " + check.kind() + " " + check.arguments() + ": "
                                + check.expected()))
                .containsExactly(
                        "distance.type INTEGER []: a whole number",
                        "distance.required REQUIRED []: a value",
                        "distance.range RANGE [1, 6000, high]: at least 1 and below 6000",
                        "distance.multipleOf MULTIPLE [5]: a multiple of 5",
                        "distance.format RANGE [-32768, 32767]: at least -32768 and at most 32767",
                        "speed.type NUMBER []: a number",
                        "speed.invalidValues ONE_OF_NUMBERS [1, 2.5]: one of 1, 2.5",
                        "origin.length LENGTH [3, 3]: 3 to 3 characters",
                        "origin.pattern PATTERN [^[A-Z]+$]: a match of ^[A-Z]+$",
                        "origin.invalidValues ONE_OF [EWR, JFK]: one of EWR, JFK",
                        "origin.missingValues PRESENT [NA, -]: a value, and none of NA, -",
                        "origin.few REQUIRED []: a value",
                        "late.type BOOLEAN []: true or false",
                        "time_hour.required REQUIRED []: a value",
                        "year.type INTEGER []: a whole number",
                        "gate.invalidValues PATTERN [^[A-F]]: a match of ^[A-F]");
        assertThat(check("distance.range").most()).isEqualTo(Most.NONE);
        assertThat(check("speed.invalidValues").most()).isEqualTo(new Most(20, false, false));
        assertThat(check("origin.invalidValues").most()).isEqualTo(new Most(0.05, true, true));
        assertThat(check("origin.missingValues").most()).as("less than 3 rows").isEqualTo(new Most(2, false, false));
        assertThat(check("origin.few").most()).isEqualTo(new Most(0.1, true, false));
        assertThat(check("origin.few").severity()).isEqualTo(ContractCheck.Severity.INFO);
        assertThat(check("origin.invalidValues").severity()).isEqualTo(ContractCheck.Severity.WARNING);
        assertThat(check("origin.invalidValues").source().contract()).isEqualTo("flights 1.0.0");
        assertThat(check("distance.range").kind()).isEqualTo(Kind.RANGE);
    }

    @Test
    void everyOtherRuleIsListedWithItsReason() {
        Map<String, String> why = checks.unchecked().stream()
                .collect(Collectors.toMap(rule -> rule.source().text(), ContractChecks.Unchecked::why));
        assertThat(why)
                .containsEntry("flights: columns", "the model's signature decides which columns come")
                .containsEntry("flights: id.required", "the model has no input 'id'")
                .containsEntry("flights: primaryKey", "it compares rows with each other")
                .containsEntry("flights: rowCount", "it counts the rows of a file")
                .containsEntry("flights: odd", "its query needs the whole table")
                .containsEntry("flights: custom", "it is for the engine soda")
                .containsEntry("flights: time_hour.range", "dates and times are not compared row by row")
                .containsEntry("flights: time_hour.freshness", "it is about the age of a file's newest row")
                .containsEntry("flights: origin.type", "every value can be read as string")
                .containsEntry(
                        "flights: origin.some", "'must be greater than 3' is no upper limit of the rows that break it")
                .containsEntry("flights: year.range", "table planes promises something else of a column of that name")
                .containsEntry("planes: year.range", "table flights promises something else of a column of that name")
                .containsEntry(
                        "planes: gate.invalidValues",
                        "it is the same as flights: gate.invalidValues, which is checked");
        long rules = Contract.parse("contract.yaml", CONTRACT).tables().stream()
                .mapToLong(table -> table.rules().size())
                .sum();
        assertThat(checks.checks().size() + checks.unchecked().size())
                .as("no rule is dropped without a word")
                .isEqualTo((int) rules);
    }
}
