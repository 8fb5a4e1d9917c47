package org.millwright.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Tracking;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class UsersTest {
    private static final String PASSWORD = "correct horse battery";

    private final Tracking room;
    private final Users users;

    UsersTest(OnDatabases.Maker maker) {
        room = new Tracking(maker.make());
        users = room.users;
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void theFirstAdministratorComesFromTheEnvironment() {
        assertThat(users.setUp(Optional.of("root"), Optional.of(PASSWORD))).isEmpty();
        assertThat(users.byPassword("root", PASSWORD).roles()).contains(Role.ADMIN);
        assertThat(users.setUp(Optional.of("other"), Optional.of(PASSWORD))).isEmpty();
        assertThat(users.find("other")).isEmpty();
    }

    @Test
    void theSetUpTokenDiesWithTheAdministratorItMade() {
        String first = users.setUp(Optional.empty(), Optional.empty()).orElseThrow();
        String token = users.setUp(Optional.empty(), Optional.empty()).orElseThrow();
        assertThatThrownBy(() -> users.byToken(first)).isInstanceOf(Problem.Unauthenticated.class);

        Actor setUp = users.byToken(token);
        users.add(setUp, "dan", "", Actor.Kind.PERSON, Set.of(Role.DATA_SCIENTIST), PASSWORD);
        assertThat(users.byToken(token)).isEqualTo(setUp);
        users.grant(setUp, "dan", Role.ADMIN, Optional.empty());

        assertThatThrownBy(() -> users.byToken(token)).isInstanceOf(Problem.Unauthenticated.class);
        assertThat(users.setUp(Optional.empty(), Optional.empty())).isEmpty();
        assertThat(users.list()).extracting(User::name).containsExactly("dan");
    }

    @Test
    void theSetUpTokenLivesUntilTheAdministratorHasOneOfTheirOwn() {
        String token = users.setUp(Optional.empty(), Optional.empty()).orElseThrow();
        Actor setUp = users.byToken(token);
        users.add(setUp, "dan", "", Actor.Kind.PERSON, Set.of(Role.ADMIN), null);
        String own = users.issueToken(users.byToken(token), "dan", "first", java.time.Duration.ofHours(1));
        assertThat(users.byToken(own).roles()).contains(Role.ADMIN);
        assertThatThrownBy(() -> users.byToken(token)).isInstanceOf(Problem.Unauthenticated.class);
    }

    @Test
    void everyoneChangesTheirOwnPasswordByShowingThePresentOne() {
        User ana = add("ana", Role.DATA_SCIENTIST);
        Actor by = users.byPassword("ana", PASSWORD);
        assertThat(by.id()).isEqualTo(ana.id());
        assertThatThrownBy(() -> users.setPassword(by, "ana", "another password", ""))
                .hasMessageContaining("Current password is required");
        assertThatThrownBy(() -> users.setPassword(by, "ana", "another password", "wrong"))
                .hasMessageContaining("Current password does not match");
        users.setPassword(by, "ana", "another password", PASSWORD);

        assertThatThrownBy(() -> users.byPassword("ana", PASSWORD)).isInstanceOf(Problem.Unauthenticated.class);
        assertThat(users.byPassword("ana", "another password")).isEqualTo(by);
        add("eve", Role.DATA_SCIENTIST);
        assertThatThrownBy(() -> users.setPassword(by, "eve", "another password", ""))
                .isInstanceOf(Problem.Denied.class);
    }

    @Test
    void aTokenThatLeakedEndsAndTheOthersStay() {
        add("ana", Role.DATA_SCIENTIST);
        add("eve", Role.DATA_SCIENTIST);
        String leaked = users.issueToken(Actor.SYSTEM, "ana", "a", java.time.Duration.ofHours(1));
        String other = users.issueToken(Actor.SYSTEM, "ana", "b", java.time.Duration.ofHours(1));
        Actor ana = users.byToken(leaked);
        String id = leaked.split("_", 3)[1];
        assertThatThrownBy(() -> users.revokeToken(users.byPassword("eve", PASSWORD), "ana", id))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> users.revokeToken(Actor.SYSTEM, "eve", id)).isInstanceOf(Problem.NotFound.class);

        users.revokeToken(ana, "ana", id);

        assertThatThrownBy(() -> users.byToken(leaked)).isInstanceOf(Problem.Unauthenticated.class);
        assertThat(users.byToken(other).id()).isEqualTo(ana.id());
        assertThat(room.ledger.about("token:" + id))
                .extracting(entry -> entry.action())
                .containsExactly("token.issued", "token.revoked");
        assertThatThrownBy(() -> users.revokeToken(ana, "ana", id)).isInstanceOf(Problem.NotFound.class);
    }

    @Test
    void whoIsRemovedHasNothingLeftAndTheNameIsFree() {
        User ana = add("ana", Role.DATA_SCIENTIST);
        String token = users.issueToken(Actor.SYSTEM, "ana", "t", java.time.Duration.ofHours(1));
        Resource mine = Resource.model("mine");
        room.database.write(() -> users.access().grants().own(users.byToken(token), mine));
        users.remove(Actor.SYSTEM, "ana");

        assertThatThrownBy(() -> users.byToken(token)).isInstanceOf(Problem.Unauthenticated.class);
        assertThatThrownBy(() -> users.byPassword("ana", PASSWORD)).isInstanceOf(Problem.Unauthenticated.class);
        assertThat(users.find("ana")).isEmpty();
        User again = add("ana", Role.DATA_SCIENTIST);
        assertThat(again.id()).isNotEqualTo(ana.id());
        assertThat(users.access().grants().of(again, Resource.Kind.REGISTERED_MODEL))
                .isEmpty();
    }

    @Test
    void whoMayNotIsToldWhatAndWhichPermissionIsMissing() {
        Actor ben = actor(add("ben", Role.APPROVER));
        assertThatThrownBy(() -> users.access().require(ben, Permission.RUN, "delays"))
                .isInstanceOf(Problem.Denied.class)
                .hasMessage(
                        "Permission denied: ben may not start, resume or cancel pipelines in project delays: that takes"
                                + " the permission run.");
        assertThatThrownBy(() -> users.access().requireSomewhere(ben, Permission.MANAGE_CHANNELS))
                .hasMessage(
                        "Permission denied: ben may not manage channels: that takes the permission manage-channels.");
    }

    @Test
    void theLastAdministratorStays() {
        add("root", Role.ADMIN);
        assertThatThrownBy(() -> users.remove(Actor.SYSTEM, "root")).hasMessageContaining("last administrator");
        assertThatThrownBy(() -> users.revoke(Actor.SYSTEM, "root", Role.ADMIN))
                .hasMessageContaining("last administrator");
        add("second", Role.ADMIN);
        users.remove(Actor.SYSTEM, "root");
        assertThat(users.list()).extracting(User::name).containsExactly("second");
    }

    @Test
    void ownersShareAndOthersReadByDefault() {
        Grants grants = users.access().grants();
        Actor ana = actor(add("ana", Role.DATA_SCIENTIST));
        User danUser = add("dan", Role.DATA_SCIENTIST);
        Actor dan = actor(danUser);
        Resource experiment = Resource.experiment("7");
        room.database.write(() -> grants.own(ana, experiment));

        assertThat(grants.level(ana, experiment)).isEqualTo(Level.MANAGE);
        assertThat(grants.level(dan, experiment)).isEqualTo(Level.READ);
        assertThat(grants.level(Actor.LOCAL, experiment)).isEqualTo(Level.MANAGE);
        assertThatThrownBy(() -> grants.create(dan, experiment, danUser, Level.MANAGE))
                .isInstanceOf(Problem.Denied.class)
                .hasMessageStartingWith("Permission denied");
        grants.create(ana, experiment, danUser, Level.EDIT);
        assertThatThrownBy(() -> grants.create(ana, experiment, danUser, Level.EDIT))
                .isInstanceOf(Problem.Conflict.class);
        assertThat(grants.level(dan, experiment)).isEqualTo(Level.EDIT);
        grants.update(ana, experiment, danUser, Level.NO_PERMISSIONS);
        assertThat(grants.readable(dan, Resource.Kind.EXPERIMENT).allows("7")).isFalse();
        assertThat(grants.readable(dan, Resource.Kind.EXPERIMENT).allows("8")).isTrue();
        grants.delete(ana, experiment, danUser);
        assertThatThrownBy(() -> grants.get(ana, experiment, danUser)).isInstanceOf(Problem.NotFound.class);
        assertThat(grants.level(dan, Resource.experiment("0"))).isEqualTo(Level.EDIT);
    }

    @Test
    void aRoleInAProjectIsBelievedUntilAnythingOfItChanges() {
        User user = users.add(Actor.SYSTEM, "ana", "", Actor.Kind.PERSON, Set.of(), PASSWORD);
        Actor ana = actor(user);
        Role role = Role.DATA_SCIENTIST;
        assertThat(mayRun(ana)).isFalse();
        users.grant(Actor.SYSTEM, "ana", role, Optional.of("delays"));
        assertThat(mayRun(ana)).isTrue();
        room.database.write(() -> users.leave(Actor.SYSTEM, "delays", user, role));
        assertThat(mayRun(ana)).isFalse();
        room.database.write(() -> users.addMember("delays", user.id(), role));
        assertThat(mayRun(ana)).isTrue();
        room.database.write(() -> users.removeMember("delays", user.id(), role));
        assertThat(mayRun(ana)).isFalse();
        room.database.write(() -> users.join(Actor.SYSTEM, "delays", user, role));
        assertThat(mayRun(ana)).isTrue();
        assertThat(users.access().roles(ana)).containsExactly(role);
        users.remove(Actor.SYSTEM, "ana");
        assertThat(mayRun(ana)).isFalse();
    }

    @Test
    void aTransactionSeesItsOwnRolesAndNobodyElseBelievesThem() {
        User user = users.add(Actor.SYSTEM, "ana", "", Actor.Kind.PERSON, Set.of(), PASSWORD);
        Actor ana = actor(user);
        assertThat(mayRun(ana)).isFalse();
        assertThatThrownBy(() -> room.database.write(() -> {
                    users.addMember("delays", user.id(), Role.DATA_SCIENTIST);
                    assertThat(mayRun(ana)).isTrue();
                    throw new Problem.Invalid("no");
                }))
                .hasMessage("no");
        assertThat(mayRun(ana)).isFalse();
    }

    private boolean mayRun(Actor actor) {
        try {
            users.requireSomewhere(actor, Set.of(Permission.RUN));
            return true;
        } catch (Problem.Denied e) {
            return false;
        }
    }

    @Test
    void accountsOfOnePersonCountAsOne() {
        User ben = add("ben", Role.APPROVER);
        User admin = add("ben-admin", Role.ADMIN);
        User mia = add("mia", Role.APPROVER);
        User bot = users.add(actor(admin), machine("bot", Optional.empty()), null);
        User ci = users.add(actor(admin), machine("ci", Optional.of("mia")), null);
        assertThat(users.samePerson(ben.id(), admin.id())).isFalse();
        assertThat(users.samePerson(bot.id(), admin.id())).isTrue();

        users.link(actor(admin), "ben-admin", "ben");
        assertThat(users.personOf(admin.id())).isEqualTo(ben.id());
        assertThat(users.samePerson(bot.id(), ben.id())).isTrue();
        assertThat(users.samePerson(ci.id(), mia.id())).isTrue();
        assertThat(users.samePerson(ci.id(), ben.id())).isFalse();
        assertThat(users.accounts(bot.id())).extracting(User::name).containsExactly("ben", "ben-admin", "bot");
        assertThat(users.personOf("nobody")).isEqualTo("nobody");

        assertThatThrownBy(() -> users.link(actor(admin), "ben", "ben-admin")).isInstanceOf(Problem.Conflict.class);
        assertThatThrownBy(() -> users.link(actor(admin), "mia", "ci")).hasMessageContaining("is a machine user");
        assertThatThrownBy(() -> users.add(actor(admin), machine("cd", Optional.of("ci")), null))
                .hasMessageContaining("the person who answers for cd");
        assertThatThrownBy(() -> users.link(actor(mia), "ben", "mia")).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> users.unlink(actor(admin), "ben-admin", " ")).hasMessageContaining("Say why");
        users.unlink(actor(admin), "ben-admin", "named alike");
        assertThat(users.samePerson(ben.id(), admin.id())).isFalse();
    }

    private static Users.NewUser machine(String name, Optional<String> owner) {
        return new Users.NewUser(name, "", Actor.Kind.MACHINE, Set.of(), owner);
    }

    private User add(String name, Role role) {
        return users.add(Actor.SYSTEM, name, "", Actor.Kind.PERSON, Set.of(role), PASSWORD);
    }

    private static Actor actor(User user) {
        return user.actor(Optional.empty());
    }
}
