package org.millwright.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.insight.Assessment.Answer;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;

/** Levels by evidence: never more than three things to focus on, and never lower by more evidence. */
class MaturityTest {
    private static final Criteria CRITERIA = Criteria.load();

    @TempDir
    Path folder;

    @Test
    void everyCriterionHasAQueryAndAPageThatExists() {
        Set<String> ids = CRITERIA.dimensions().stream()
                .flatMap(dimension -> dimension.criteria().stream())
                .map(Criteria.Criterion::id)
                .collect(Collectors.toSet());
        assertThat(ids).isEqualTo(Questions.ids());
        assertThat(CRITERIA.dimensions()).hasSize(9);
        for (Criteria.Dimension dimension : CRITERIA.dimensions()) {
            assertThat(dimension.criteria())
                    .extracting(Criteria.Criterion::level)
                    .containsExactly(1, 2, 3, 4);
            for (Criteria.Criterion criterion : dimension.criteria()) {
                assertThat(root().resolve("docs/how-to").resolve(criterion.howTo()))
                        .exists();
                assertThat(criterion.next()).isNotBlank();
            }
        }
        CRITERIA.google().forEach(level -> assertThat(ids).containsAll(level.needs()));
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!java.nio.file.Files.exists(at.resolve("ARCHITECTURE.md"))) {
            at = at.getParent();
        }
        return at;
    }

    @Property(tries = 300)
    void moreAnswersNeverLowerALevelNorGiveMoreThanThreeFocusAreas(@ForAll Random random) {
        var met = new HashSet<String>();
        var more = new HashSet<String>();
        for (String id : Questions.ids()) {
            int dice = random.nextInt(3);
            if (dice == 0) {
                met.add(id);
            }
            if (dice < 2) {
                more.add(id);
            }
        }
        Assessment before = assess(met);
        Assessment after = assess(more);

        assertThat(before.focus()).hasSizeLessThanOrEqualTo(3);
        assertThat(after.level()).isGreaterThanOrEqualTo(before.level());
        assertThat(after.google()).isGreaterThanOrEqualTo(before.google());
        for (int i = 0; i < before.dimensions().size(); i++) {
            assertThat(after.dimensions().get(i).level())
                    .isGreaterThanOrEqualTo(before.dimensions().get(i).level());
        }
    }

    private static Assessment assess(Set<String> met) {
        Map<String, Answer> answers = new HashMap<>();
        met.forEach(id -> answers.put(id, new Answer(List.of("x:1"), List.of())));
        return Assessment.of(CRITERIA, answers, 0, 1, 1);
    }

    /** The same of the queries: any more of the records about the same estate. */
    @Property(tries = 200)
    void moreRecordsOfTheSameEstateNeverLowerALevel(@ForAll Random random) {
        List<Event> all = evidence();
        var some = new ArrayList<Event>();
        var more = new ArrayList<Event>();
        for (Event event : all) {
            int dice = random.nextInt(3);
            if (dice == 0) {
                some.add(event);
            }
            if (dice < 2) {
                more.add(event);
            }
        }
        Assessment before = assess(some);
        Assessment after = assess(more);
        for (int i = 0; i < before.dimensions().size(); i++) {
            assertThat(after.dimensions().get(i).level())
                    .isGreaterThanOrEqualTo(before.dimensions().get(i).level());
        }
    }

    private static Assessment assess(List<Event> events) {
        var held = new Estate.Held("p", new Story(events), Optional.empty());
        var serving = new Estate.Serving(
                "model:m/1", "d", held, Set.of("dataset:a@1/1"), Optional.of("deployment:d"), Optional.empty());
        var estate = new Estate(1_000, List.of(held), List.of(serving));
        return Assessment.of(CRITERIA, Questions.answers(estate), 1_000, 1, 1);
    }

    private static List<Event> evidence() {
        var events = new ArrayList<Event>();
        for (String action : Chronicle.ACTIONS) {
            events.add(new Event(
                    events.size(),
                    "u",
                    action,
                    List.of("model:m/1", "run:r", "deployment:d", "project:p", "gate:g"),
                    Json.object()
                            .put("commit", "c")
                            .put("dirty", false)
                            .put("passed", true)
                            .put("compares", true)
                            .put("agreed", true)
                            .put("alone", false)
                            .put("contract", "c")
                            .put("decision", "train")
                            .put("verdict", "SAME_PREDICTIONS")));
        }
        return events;
    }

    @Test
    void isWhatTheRecordsSayAtAnyMoment() {
        try (var records = new Records(OnDatabases.sqlite(), folder)) {
            records.projects.request(records.ana, Records.project("delays"));
            records.at(1);
            records.projects.approve(records.ben, "delays", "fine");
            records.run("delays", "r1", "");
            records.gate("delays", "r1", true);
            records.registered("delays", "delays/1", "r1");
            records.edges.record("r1", "dataset:flights@2013-01/1", "model:delays/1");
            String asked = records.release("delays", "a", "delays/1");
            records.at(2);
            records.inbox.decide(records.ben, asked, true, "");
            records.deployment("staged", "delays", "delays", "1", "");
            records.deployment("promoted", "delays", "delays", "1", "1");
            records.at(40);
            records.note("model.reproduced", "model:delays/1", "model:delays");

            Assessment now = records.maturity.assess(records.ben, Optional.empty(), Optional.empty());
            assertThat(levels(now))
                    .containsEntry("portability", 4)
                    .containsEntry("registry", 4)
                    .containsEntry("validation", 0)
                    .containsEntry("ci-cd", 2)
                    .containsEntry("continuous-training", 1)
                    .containsEntry("monitoring", 0)
                    .containsEntry("governance", 1);
            assertThat(now.models()).isEqualTo(1);
            assertThat(now.level()).isZero();
            assertThat(now.focus())
                    .extracting(Assessment.Focus::dimension)
                    .containsExactly("Monitoring", "Validation", "Environment tracking");

            long before = Records.BEGIN.plus(Duration.ofHours(36)).toEpochMilli();
            Assessment then = records.maturity.assess(records.ben, Optional.empty(), Optional.of(before));
            assertThat(then.models()).as("before it went into production").isZero();
            assertThat(levels(then)).containsEntry("registry", 0).containsEntry("governance", 1);
            assertThat(records.maturity.history(records.ben, Optional.empty(), 12))
                    .extracting(Assessment::models)
                    .containsExactly(1, 1);
            assertThatThrownBy(
                            () -> records.maturity.assess(records.ben, Optional.empty(), Optional.of(Records.day(400))))
                    .isInstanceOf(Problem.Invalid.class);
        }
    }

    private static Map<String, Integer> levels(Assessment assessment) {
        return assessment.dimensions().stream()
                .collect(Collectors.toMap(Assessment.Dimension::id, Assessment.Dimension::level));
    }
}
