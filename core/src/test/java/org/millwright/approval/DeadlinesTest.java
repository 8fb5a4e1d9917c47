package org.millwright.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.project.AgreementVersion;
import org.millwright.project.Holidays;
import org.millwright.project.ProjectNote;
import org.millwright.project.ProjectVersion;

/** Until when requests wait, and what becomes of those that nobody decides about. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class DeadlinesTest {
    private final OnDatabases.Maker maker;

    @TempDir
    Path folder;

    private DecidingLine line;

    DeadlinesTest(OnDatabases.Maker maker) {
        this.maker = maker;
    }

    @BeforeEach
    void open() {
        line = new DecidingLine(maker.make(), folder);
    }

    @AfterEach
    void close() {
        line.close();
    }

    @Test
    void aRequestWaitsTenWorkingDaysRemindsTwiceAndThenLapses() {
        Release release = line.asked();
        Approval asked = line.approvals.newest(release.ref());
        assertThat(Instant.ofEpochMilli(asked.expiresAt())).isEqualTo("2026-03-18T00:00:00Z");

        line.at("2026-03-10T23:59:59Z");
        line.deadlines.turn();
        assertThat(line.story(release)).doesNotContain("approval.reminded");
        line.at("2026-03-11T00:00:00Z");
        line.deadlines.turn();
        line.deadlines.turn();
        line.at("2026-03-17T08:00:00Z");
        line.deadlines.turn();
        line.deadlines.turn();
        assertThat(line.story(release).stream().filter("approval.reminded"::equals))
                .hasSize(2);
        assertThat(line.inbox.of(line.ben)).extracting(Inbox.Item::ref).containsExactly(release.ref());

        line.at("2026-03-18T00:00:00Z");
        assertThat(line.inbox.of(line.ben)).isEmpty();
        line.deadlines.turn();
        assertThat(line.again(release).state()).isEqualTo(Release.State.LAPSED);
        assertThatThrownBy(() -> line.approve(line.ben, release)).isInstanceOf(Problem.NotFound.class);
        assertThat(line.approvals.newest(release.ref()).state()).isEqualTo(Approval.State.EXPIRED);
    }

    @Test
    void projectsAndAgreementsWaitAsLongRemindAndAreSentBack() {
        line.change("Tells it better.");
        line.agreements.propose(line.ana, DecidingLine.AGREEMENT);
        assertThat(line.inbox.of(line.ben)).singleElement().satisfies(item -> {
            assertThat(item.ref()).isEqualTo("project:delays");
            assertThat(item.dueAt().map(Instant::ofEpochMilli)).contains(Instant.parse("2026-03-18T00:00:00Z"));
        });
        assertThat(line.inbox.of(line.olga)).singleElement().satisfies(item -> {
            assertThat(item.ref()).isEqualTo("agreement:delays");
            assertThat(item.dueAt().map(Instant::ofEpochMilli)).contains(Instant.parse("2026-03-18T00:00:00Z"));
        });
        for (String time : List.of("2026-03-10T23:59:59Z", "2026-03-11T00:00:00Z", "2026-03-17T08:00:00Z")) {
            line.at(time);
            line.deadlines.turn();
            line.deadlines.turn();
        }
        assertThat(told("project:delays", "project.reminded")).isEqualTo(2);
        assertThat(told("agreement:delays", "agreement.reminded")).isEqualTo(2);

        line.inbox.decide(line.ben, "project:delays", Reply.of(Reply.Answer.SEND_BACK, "Better than what?"));
        line.inbox.decide(line.olga, "agreement:delays", Reply.of(Reply.Answer.SEND_BACK, "In which window?"));
        assertThat(line.projects.versions("delays").getLast().state()).isEqualTo(ProjectVersion.State.SENT_BACK);
        assertThat(line.projects.notes("delays")).extracting(ProjectNote::text).containsExactly("Better than what?");
        assertThat(line.agreements.versions(line.ana, "delays").getLast())
                .extracting(AgreementVersion::state, AgreementVersion::reason)
                .containsExactly(AgreementVersion.State.SENT_BACK, "In which window?");
        assertThat(line.inbox.of(line.ben)).isEmpty();
        assertThat(line.inbox.of(line.olga)).isEmpty();
    }

    @Test
    void aProjectAndAnAgreementThatNobodyDecidedAreRefusedAndTheOldOnesStay() {
        line.agree(DecidingLine.AGREEMENT);
        line.change("Tells it better.");
        line.agreements.propose(line.ana, DecidingLine.AGREEMENT.replace("40", "35"));
        line.at("2026-03-18T00:00:00Z");
        assertThat(line.inbox.of(line.ben)).isEmpty();
        assertThat(line.inbox.of(line.olga)).isEmpty();
        assertThatThrownBy(() -> line.inbox.decide(line.ben, "project:delays", true, "fine"))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("project:delays can no longer be decided: nobody decided in time");
        line.deadlines.turn();
        assertThat(line.projects.versions("delays").getLast())
                .extracting(ProjectVersion::state, ProjectVersion::reason)
                .containsExactly(ProjectVersion.State.REFUSED, "Nobody decided in time");
        assertThat(line.projects.file("delays").orElseThrow().purpose())
                .isEqualTo("Tells how late a flight will arrive.");
        assertThat(line.agreements.versions(line.ana, "delays"))
                .extracting(AgreementVersion::state)
                .containsExactly(AgreementVersion.State.IN_FORCE, AgreementVersion.State.REFUSED);
        assertThatThrownBy(() -> line.agreements.accept(line.olga, "delays", Optional.empty()))
                .isInstanceOf(Problem.Conflict.class);
        line.change("Tells it better.");
        assertThat(line.inbox.of(line.ben)).extracting(Inbox.Item::ref).containsExactly("project:delays");
    }

    private long told(String ref, String action) {
        return line.ledger.about(ref).stream()
                .filter(entry -> entry.action().equals(action))
                .count();
    }

    @Test
    void theDeadlineIsTheProjects() {
        line.project("low", "{decide: {days: 1, zone: Europe/Berlin, holidays: [2026-03-04]}}");
        Approval asked = line.approvals.newest(line.asked().ref());
        assertThat(Instant.ofEpochMilli(asked.expiresAt())).isEqualTo("2026-03-05T23:00:00Z");
        assertThatThrownBy(() -> line.project("high", "{approvers: 1, decide: {days: 0, zone: Mars, holidays: [x]}}"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("expected 2 to 5 people for the risk tier high, got 1")
                .hasMessageContaining("expected 1 to 250 working days, got 0")
                .hasMessageContaining("time zone")
                .hasMessageContaining("expected a day such as 2026-12-25, got 'x'");
    }

    @Test
    void holidaysOfTheOrganisationCountForNoDeadline() {
        line.project("low", "{decide: {days: 2, holidays: [2026-03-05]}}");
        Approval before = line.approvals.newest(line.asked().ref());
        Holidays holidays = line.projects.holidays();
        holidays.add(line.ben, LocalDate.parse("2026-03-04"), "Day of the town");
        Approval asked = line.approvals.newest(line.asked().ref());
        assertThat(List.of(before, asked))
                .extracting(each -> Instant.ofEpochMilli(each.expiresAt()).toString())
                .containsExactly("2026-03-07T00:00:00Z", "2026-03-10T00:00:00Z");
        assertThat(line.approvals.newest(before.ref()).expiresAt()).isEqualTo(before.expiresAt());
        line.agreements.propose(line.ana, DecidingLine.AGREEMENT);
        line.change("Tells it better.");
        assertThat(line.inbox.of(line.ben))
                .filteredOn(item -> item.ref().equals("project:delays"))
                .singleElement()
                .satisfies(item -> assertThat(item.dueAt()).hasValue(asked.expiresAt()));
        assertThat(line.agreements.due(line.agreements.waiting().getFirst())).isEqualTo(asked.expiresAt());
        assertThatThrownBy(() -> holidays.add(line.ben, LocalDate.parse("2026-03-04"), "Again"))
                .isInstanceOf(Problem.Conflict.class);
        assertThatThrownBy(() -> holidays.add(line.ana, LocalDate.parse("2026-03-06"), "Mine"))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> holidays.add(line.ben, LocalDate.parse("2026-03-06"), " "))
                .isInstanceOf(Problem.Invalid.class);
        holidays.remove(line.ben, LocalDate.parse("2026-03-04"));
        assertThat(holidays.list()).isEmpty();
        assertThat(line.ledger.about("holiday:2026-03-04"))
                .extracting(entry -> entry.action())
                .containsExactly("holiday.added", "holiday.removed");
    }
}
