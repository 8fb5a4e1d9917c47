package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.millwright.history.Fact;
import org.millwright.history.History;
import org.millwright.history.State;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** What is asked of the ledger about moments: differences, renamed models, times that cannot be. */
class MomentsTest extends ToldLine {
    @Test
    void theDifferenceBetweenTwoMomentsNamesWhatBeganAndEnded() {
        register();
        models.setAlias(Actor.LOCAL, "delays", "champion", 1);
        long before = clock.millis();
        pass(Duration.ofHours(1));
        register();
        models.setAlias(Actor.LOCAL, "delays", "champion", 2);
        models.setAlias(Actor.LOCAL, "delays", "tried", 1);
        certify(2);

        List<History.Change> changes = History.changes(
                history.at(ana, "model:delays", Optional.of(before)),
                history.at(ana, "model:delays", Optional.empty()));

        assertThat(changes)
                .filteredOn(change -> change.ref().equals("model:delays"))
                .extracting(change -> change.name() + " "
                        + change.before().map(fact -> fact.value().asText()).orElse("-") + " "
                        + change.after().map(fact -> fact.value().asText()).orElse("-"))
                .contains("alias.champion 1 2", "alias.tried - 1");
        Fact data = history.at(ana, "model:delays/2", Optional.empty())
                .asset()
                .fact("data")
                .orElseThrow();
        assertThat(data.value().toString())
                .isEqualTo("[{\"ref\":\"dataset:flights@2\",\"sha256\":\"" + "2".repeat(64) + "\"}]");
    }

    @Test
    void timesToComeAndTurnedRoundAreRefused() {
        register();
        long now = clock.millis();
        pass(Duration.ofHours(1));
        assertThatThrownBy(() -> history.at(ana, "model:delays", Optional.of(clock.millis() + 1)))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("is still to come");
        History.Moment then = history.at(ana, "model:delays", Optional.of(now));
        History.Moment later = history.at(ana, "model:delays", Optional.empty());
        assertThatThrownBy(() -> History.changes(later, then))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("the earlier time first");
    }

    @Test
    void aReleaseThatIsAskedForAgainTellsNoFactWithoutAName() {
        register();
        database.write(() -> ledger.append(
                ana,
                "release.requested",
                List.of("release:x", "model:delays/1", "model:delays"),
                Json.object().put("note", "").put("before", "LAPSED")));
        assertThat(history.at(ana, "model:delays", Optional.empty()).asset().facts())
                .doesNotContainKey("deployment.");
    }

    @Test
    void aModelKeepsItsPastWhenItIsRenamed() {
        register();
        models.setAlias(Actor.LOCAL, "delays", "champion", 1);
        certify(1);
        pass(Duration.ofHours(1));
        models.rename(Actor.LOCAL, "delays", "lateness");
        pass(Duration.ofHours(1));
        models.setAlias(Actor.LOCAL, "lateness", "tried", 1);

        State renamed = history.at(ana, "model:lateness", Optional.empty()).asset();
        assertThat(renamed.text("alias.champion")).isEqualTo("1");
        assertThat(renamed.text("alias.tried")).isEqualTo("1");
        assertThat(renamed.text("project")).isEqualTo("flights");
        assertThat(history.at(ana, "model:delays", Optional.empty())
                        .asset()
                        .facts()
                        .keySet())
                .containsExactly("project", "renamed");
        assertThat(history.at(ana, "model:lateness/1", Optional.empty()).asset().fact("certificate"))
                .isPresent();
    }

    @Test
    void onlyWhoMayReadAsks() {
        Actor nobody = new Actor("u-x", "x", Actor.Kind.PERSON, true, Set.of(), Optional.empty());

        assertThatThrownBy(() -> history.at(nobody, "model:delays", Optional.empty()))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> history.at(ana, "alert:1", Optional.empty()))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("expected: model:NAME");
    }
}
