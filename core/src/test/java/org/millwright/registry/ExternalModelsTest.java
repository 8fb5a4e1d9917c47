package org.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.project.RiskTier;
import org.millwright.tracking.Tracking;

/** Models of the inventory that are served elsewhere. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class ExternalModelsTest {
    private final Tracking room;
    private ExternalModels models;
    private Actor mia;

    ExternalModelsTest(OnDatabases.Maker maker) {
        room = new Tracking(maker.make());
    }

    @BeforeEach
    void open() {
        models = new ExternalModels(room.database, room.ledger, room.users, room.clock);
        String id = room.users
                .add(Actor.LOCAL, "mona", "Mona", Actor.Kind.PERSON, Set.of(Role.ML_ENGINEER), null)
                .id();
        mia = new Actor(id, "mona", Actor.Kind.PERSON, true, Set.of(Role.ML_ENGINEER), Optional.empty());
    }

    @AfterEach
    void close() {
        room.close();
    }

    private static ExternalModels.Entry entry(String where) {
        return new ExternalModels.Entry(
                "credit-score", "mona", where, "Scores of customers", RiskTier.HIGH, "Scores Ltd", Optional.of(5L));
    }

    @Test
    void eachChangeIsAnEntryAndTheSameAgainIsNone() {
        ExternalModel added = models.add(mia, entry("a"));
        assertThat(models.add(mia, entry("a"))).isEqualTo(added);
        models.add(mia, entry("b"));
        ExternalModel retired = models.retire(mia, "credit-score", "The contract ended");
        assertThat(models.retire(mia, "credit-score", "again")).isEqualTo(retired);

        assertThat(room.ledger.about("external-model:credit-score"))
                .extracting(Entry::action)
                .containsExactly("external-model.added", "external-model.changed", "external-model.retired");
        assertThat(models.list(mia)).containsExactly(retired);
        assertThat(retired.servedAt()).isEqualTo("b");
        assertThat(retired.reviewAt()).contains(5L);
        assertThat(models.add(mia, entry("b")).retiredAt()).as("in use again").isEmpty();
    }

    @Test
    void refusesWhoMayNotAndWhatIsNone() {
        var auditor = new Actor("u-x", "eve", Actor.Kind.PERSON, true, Set.of(Role.AUDITOR), Optional.empty());
        assertThatThrownBy(() -> models.add(auditor, entry("a"))).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> models.retire(mia, "none", "old")).isInstanceOf(Problem.NotFound.class);
        assertThatThrownBy(() -> models.retire(mia, "none", " ")).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> entry(" ")).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(
                        () -> new ExternalModels.Entry("no/name", "mona", "a", "b", RiskTier.LOW, "", Optional.empty()))
                .isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> models.add(
                        mia, new ExternalModels.Entry("x", "nobody", "a", "b", RiskTier.LOW, "", Optional.empty())))
                .isInstanceOf(Problem.NotFound.class);
        assertThat(models.list(auditor)).isEmpty();
    }
}
