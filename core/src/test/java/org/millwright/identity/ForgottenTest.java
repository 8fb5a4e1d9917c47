package org.millwright.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.ledger.Altered;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;

/** What names people lies beside the log and can be erased, and everything is still proven. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class ForgottenTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    private final Database database;

    @TempDir
    Path folder;

    private Ledger ledger;
    private Users users;

    ForgottenTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        ledger = TestLedger.open(database, CLOCK, new Ids(CLOCK), folder);
        users = new Users(database, ledger, CLOCK, new Ids(CLOCK));
        add("ana", "Ana Exemplar");
        add("ben", "");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatNamesSomeoneIsReadAsItWasWrittenUntilTheyAreForgotten() {
        append("project.requested", "{\"owner\":\"ana\",\"riskTier\":\"low\",\"purpose\":\"For the banana trade\"}");
        append("project.refused", "{\"reason\":\"Ask Ana Exemplar, or ben.\"}");
        append("channel.added", "{\"target\":\"ana@example.org\",\"route\":{\"to\":[\"team@example.org\",\"x\"]}}");
        append("run.created", "{\"name\":\"nightly\"}");
        ledger.checkpoint();

        assertThat(told("project.requested")).isEqualTo("ana low For the banana trade");
        assertThat(leaves()).noneMatch(leaf -> leaf.toLowerCase().matches("(?s).*(\\bana\\b|\\bben\\b|example.org).*"));
        String before = ledger.verify().root();

        assertThat(users.forget(Actor.LOCAL, "ana")).isEqualTo(3);

        assertThat(told("project.requested")).isEqualTo("(forgotten) low For the banana trade");
        assertThat(told("project.refused")).isEqualTo("(forgotten)");
        assertThat(told("run.created")).isEqualTo("nightly");
        assertThat(users.find("ana")).isEmpty();
        ledger.checkpoint();
        assertThat(ledger.verify().root()).isNotEqualTo(before);
        assertThat(ledger.verify().checkpoints()).isEqualTo(2);
        String texts = database.read(() -> String.valueOf(
                database.dsl().fetch("select plain from ledger_personal").getValues("plain")));
        assertThat(texts).doesNotContain("ana@").doesNotContain("Exemplar").contains("team@example.org");
    }

    @Test
    void someoneWhoWasRemovedIsForgottenByTheirName() {
        append("project.refused", "{\"reason\":\"Ben knows\"}");
        users.remove(Actor.LOCAL, "ben");

        assertThat(users.forget(Actor.LOCAL, "ben")).isEqualTo(1);
        assertThat(users.forget(Actor.LOCAL, "ben")).isZero();

        assertThat(told("project.refused")).isEqualTo("(forgotten)");
    }

    @Test
    void aTextThatWasExchangedBesideTheLogIsNoticed() {
        append("project.requested", "{\"owner\":\"ana\"}");
        ledger.checkpoint();
        database.write(() -> database.dsl().execute("update ledger_personal set plain = 'ben'"));

        assertThatThrownBy(ledger::verify)
                .isInstanceOf(Altered.class)
                .hasMessageContaining("kept beside entry 2 (project.requested) as /owner");
    }

    @Test
    void onlyAnAdministratorForgets() {
        Actor ana = new Actor(
                "u-1", "ana", Actor.Kind.PERSON, true, Set.of(Role.DATA_SCIENTIST), java.util.Optional.empty());

        assertThatThrownBy(() -> users.forget(ana, "ben")).isInstanceOf(org.millwright.kernel.Problem.Denied.class);
    }

    private String told(String action) {
        Entry entry = ledger.from(0, 100).stream()
                .filter(each -> each.action().equals(action))
                .findFirst()
                .orElseThrow();
        var words = new java.util.ArrayList<String>();
        for (String field : List.of("owner", "riskTier", "purpose", "reason", "name")) {
            if (entry.details().has(field)) {
                words.add(entry.details().path(field).asText());
            }
        }
        return String.join(" ", words);
    }

    private List<String> leaves() {
        return ledger.from(0, 100).stream().map(Entry::leaf).toList();
    }

    private void add(String name, String display) {
        users.add(Actor.LOCAL, name, display, Actor.Kind.PERSON, Set.of(Role.DATA_SCIENTIST), null);
    }

    private void append(String action, String details) {
        database.write(() -> ledger.append(Actor.LOCAL, action, "project:p", Json.parse(details)));
    }
}
