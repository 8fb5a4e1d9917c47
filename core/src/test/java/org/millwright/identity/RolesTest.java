package org.millwright.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
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
final class RolesTest {
    private final Tracking room;
    private final Users users;
    private final Roles roles;

    RolesTest(OnDatabases.Maker maker) {
        room = new Tracking(maker.make());
        users = room.users;
        roles = users.roles();
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void aRoleOfTheInstallationWorksLikeOneThatIsBuiltIn() {
        roles.add(Actor.SYSTEM, "labeller", "Sends outcomes", Set.of(Permission.READ, Permission.LABEL));
        User lea = users.add(Actor.SYSTEM, "lea", "", Actor.Kind.PERSON, Set.of(roles.of("labeller")), null);
        User sam = users.add(Actor.SYSTEM, "sam", "", Actor.Kind.PERSON, Set.of(), null);
        users.grant(Actor.SYSTEM, "sam", roles.of("labeller"), Optional.of("delays"));
        Access access = users.access();

        Actor acting = users.get("lea").actor(Optional.empty());
        assertThat(access.allows(acting, Permission.LABEL, Optional.empty())).isTrue();
        assertThat(access.allows(acting, Permission.SCORE, Optional.empty())).isFalse();
        Actor member = users.get("sam").actor(Optional.empty());
        assertThat(access.allows(member, Permission.LABEL, Optional.of("delays")))
                .isTrue();
        assertThat(access.allows(member, Permission.LABEL, Optional.of("other")))
                .isFalse();
        assertThat(users.members("delays")).extracting(Member::role).containsExactly(roles.of("labeller"));

        assertThatThrownBy(() -> roles.remove(Actor.SYSTEM, "labeller"))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("held by lea, sam in project delays");
        users.revoke(Actor.SYSTEM, "lea", roles.of("labeller"));
        room.database.write(() -> users.leave(Actor.SYSTEM, "delays", sam, roles.of("labeller")));
        roles.remove(Actor.SYSTEM, "labeller");
        assertThatThrownBy(() -> roles.of("labeller")).hasMessageStartingWith("Unknown role 'labeller'");
        assertThat(users.get(lea.name()).roles()).isEmpty();
        assertThat(room.ledger.about("role:labeller"))
                .extracting(entry -> entry.action())
                .containsExactly("role.added", "role.removed");
    }

    @Test
    void noRoleHoldsTogetherWhatIsKeptApart() {
        assertThatThrownBy(() -> roles.add(
                        Actor.SYSTEM,
                        "lead",
                        "",
                        Set.of(Permission.READ, Permission.APPROVE, Permission.DEPLOY, Permission.MANAGE_USERS)))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("approve with deploy (who decides does not carry it out")
                .hasMessageContaining("approve with manage-users (who decides does not set the rules)")
                .hasMessageContaining("manage-users with deploy");
        for (Role role : Role.BUILT_IN) {
            if (!role.equals(Role.LOCAL_OWNER)) {
                assertThatCode(() -> Separation.require(role)).as(role.text()).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void onlyAnAdministratorMakesRoles() {
        User ben = users.add(Actor.SYSTEM, "ben", "", Actor.Kind.PERSON, Set.of(Role.APPROVER), null);
        assertThatThrownBy(() -> roles.add(ben.actor(Optional.empty()), "reader", "", Set.of(Permission.READ)))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> roles.remove(ben.actor(Optional.empty()), "approver"))
                .isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> roles.add(Actor.SYSTEM, "approver", "", Set.of(Permission.READ)))
                .isInstanceOf(Problem.Conflict.class);
        assertThatThrownBy(() -> roles.remove(Actor.SYSTEM, "approver")).hasMessageContaining("is built in");
        assertThatThrownBy(() -> roles.add(Actor.SYSTEM, "Re,ader", "", Set.of(Permission.READ)))
                .isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> roles.add(Actor.SYSTEM, "nothing", "", Set.of()))
                .hasMessageContaining("has no permissions");
    }
}
