package org.millwright.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.tracking.Tracking;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class PoliciesTest {
    static final String TEXT = """
            apiVersion: millwright/v1
            kind: Policy
            name: strict
            description: What we ask of everything.
            mode: enforce
            applies-to: {actions: [deploy]}
            requirements:
              - {name: good, check: metrics.skill > 0.0, remedy: train}
            """;

    private static final Actor ADA = person("u-ada", Role.ADMIN);
    private static final Actor BEN = person("u-ben", Role.APPROVER);

    private final Database database;
    private final Tracking rooms;
    private final AtomicBoolean accounts = new AtomicBoolean(true);
    private final Policies policies;

    PoliciesTest(OnDatabases.Maker maker) {
        database = maker.make();
        rooms = new Tracking(database);
        policies = policies();
    }

    private Policies policies() {
        return new Policies(database, rooms.ledger, rooms.artifacts, rooms.users, accounts::get, rooms.clock);
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    private static Actor person(String id, Role role) {
        return new Actor(id, id.substring(2), Actor.Kind.PERSON, true, Set.of(role), Optional.empty());
    }

    private List<String> history() {
        return rooms.ledger.about("policy:strict").stream().map(Entry::action).toList();
    }

    private Optional<Policy> strict(Policies of) {
        return of.inForce().stream()
                .filter(policy -> policy.name().equals("strict"))
                .findFirst();
    }

    @Test
    void onePersonPublishesAndAnotherPutsInForce() {
        PolicyVersion version = policies.publish(ADA, TEXT);
        assertThat(policies.publish(BEN, TEXT).publishedBy()).isEqualTo("u-ada");
        assertThat(strict(policies)).isEmpty();
        assertThatThrownBy(() -> policies.activate(ADA, "strict", version.digest(), "now"))
                .isInstanceOf(Problem.Denied.class)
                .hasMessageContaining("published this version");
        assertThatThrownBy(() -> policies.publish(person("u-ana", Role.DATA_SCIENTIST), TEXT))
                .isInstanceOf(Problem.Denied.class);
        var machine = new Actor("u-m", "m", Actor.Kind.MACHINE, true, Set.of(Role.ADMIN), Optional.empty());
        assertThatThrownBy(() -> policies.activate(machine, "strict", "", "now"))
                .isInstanceOf(Problem.Denied.class);

        policies.activate(BEN, "strict", version.digest().substring(0, 8), "agreed on Monday");
        assertThat(strict(policies).orElseThrow().text()).isEqualTo(TEXT);
        assertThat(strict(policies())).isPresent();
        assertThatThrownBy(() -> policies.retire(BEN, "strict", "changed my mind"))
                .isInstanceOf(Problem.Denied.class);
        policies.retire(ADA, "strict", "too strict");
        assertThat(strict(policies)).isEmpty();
        assertThat(policies.kept(version.digest()).name()).isEqualTo("strict");
        assertThat(history()).containsExactly("policy.published", "policy.activated", "policy.retired");
    }

    @Test
    void whatWasPublishedWaitsForAnotherPerson() {
        var proposals = new Proposals(database, rooms.ledger, rooms.users, policies);
        Actor ada = user("ada", Role.ADMIN);
        Actor adas = user("ada-too", Role.APPROVER);
        Actor ben = user("ben", Role.APPROVER);
        user("dan", Role.DATA_SCIENTIST);
        rooms.users.link(Actor.SYSTEM, "ada-too", "ada");
        assertThat(proposals.waiting()).isEmpty();
        PolicyVersion version = policies.publish(ada, TEXT);
        assertThat(proposals.waiting()).containsExactly(version);
        assertThat(List.of(
                        proposals.awaits(ada, version),
                        proposals.awaits(adas, version),
                        proposals.awaits(ben, version)))
                .containsExactly(false, false, true);
        assertThat(proposals.deciders(version)).containsExactly("ben");
        assertThatThrownBy(() -> policies.activate(adas, "strict", version.digest(), "mine"))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> proposals.refuse(adas, "strict", "mine")).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> proposals.refuse(ben, "strict", " ")).isInstanceOf(Problem.Invalid.class);
        proposals.refuse(ben, "strict", "too strict");
        assertThat(proposals.waiting()).isEmpty();
        assertThatThrownBy(() -> proposals.refuse(ben, "strict", "again")).isInstanceOf(Problem.NotFound.class);

        PolicyVersion softer = policies.publish(ada, TEXT.replace("> 0.0", "> -1.0"));
        PolicyVersion other = policies.publish(ada, TEXT.replace("strict", "other"));
        assertThat(proposals.waiting()).containsExactly(softer, other);
        policies.activate(ben, "strict", softer.digest(), "agreed");
        assertThat(proposals.waiting()).containsExactly(other);
        assertThat(history())
                .containsExactly("policy.published", "policy.refused", "policy.published", "policy.activated");
        assertThatThrownBy(() -> policies.publish(ada, TEXT.replace("strict", "conditions")))
                .isInstanceOf(Problem.Invalid.class);
    }

    private Actor user(String name, Role role) {
        var user = rooms.users.add(Actor.SYSTEM, name, "", Actor.Kind.PERSON, Set.of(role), null);
        return new Actor(user.id(), name, Actor.Kind.PERSON, true, user.roles(), Optional.empty());
    }

    @Test
    void theLocalOwnerMayDoBothWhereNobodyElseIs() {
        PolicyVersion version = policies.publish(Actor.LOCAL, TEXT);
        assertThatThrownBy(() -> policies.activate(Actor.LOCAL, "strict", version.digest(), "now"))
                .isInstanceOf(Problem.Denied.class);
        accounts.set(false);
        policies.activate(Actor.LOCAL, "strict", version.digest(), "alone here");
        assertThat(strict(policies)).isPresent();
    }

    @Test
    void aTierIsReplacedByAnotherTextOfItsName() {
        String text = TEXT.replace("strict", "tier-low");
        policies.activate(BEN, "tier-low", policies.publish(ADA, text).digest(), "ours");
        assertThat(policies.get("tier-low").builtIn()).isFalse();
        assertThat(policies.versions("tier-low")).hasSize(2);
        String own = policies.versions("tier-low").getLast().digest();
        policies.activate(ADA, "tier-low", own, "back");
        assertThat(policies.get("tier-low").inForce().orElseThrow().digest()).isEqualTo(own);
    }

    @Test
    void whatWasEditedInTheDatabaseIsNoticed() {
        PolicyVersion version = policies.publish(ADA, TEXT);
        policies.activate(BEN, "strict", version.digest(), "agreed");
        run("update policy_version set text = replace(text, '> 0.0', '> -9.0')");
        altered("its text no longer has this digest");
        assertThat(policies.list().stream().filter(each -> each.altered().isPresent()))
                .as("the others are listed with it")
                .hasSize(1)
                .first()
                .satisfies(
                        each -> assertThat(each.name() + ": " + each.altered().orElseThrow())
                                .isEqualTo("strict: its text no longer has this digest"));
        assertThat(policies.get("tier-low").inForce()).isPresent();
        assertThatThrownBy(() -> policies.activate(BEN, "strict", version.digest(), "again"))
                .isInstanceOf(Problem.Refused.class);
        assertThat(history()).containsExactly("policy.published", "policy.activated", "policy.altered");

        policies.publish(ADA, TEXT);
        assertThat(strict(policies)).as("published again, the text is whole").isPresent();
        run("delete from policy_in_force");
        altered("the ledger says that it is in force, the database that it is not");
        policies.activate(BEN, "strict", version.digest(), "again");
        PolicyVersion lax = policies.publish(ADA, TEXT.replace("> 0.0", "> -9.0"));
        run("update policy_in_force set digest = '" + lax.digest() + "'");
        altered("the ledger says that this version is in force, the database another one");
        run("update policy_in_force set digest = '" + version.digest() + "', name = 'other'");
        altered("the ledger knows of no decision that put it in force");
    }

    private void altered(String what) {
        assertThatThrownBy(policies::inForce)
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining(what);
    }

    private void run(String sql) {
        database.write(() -> database.jdbc(sql, java.sql.PreparedStatement::executeUpdate));
    }
}
