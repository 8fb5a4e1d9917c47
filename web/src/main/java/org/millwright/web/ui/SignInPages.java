package org.millwright.web.ui;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Signing in with a token, which the browser then keeps as a cookie that no script can read. */
public final class SignInPages implements Routes {
    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Lax";

    private final Ui ui;
    private final Users users;

    public SignInPages(Ui ui, Users users) {
        this.ui = ui;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/sign-in", (request, response) -> form(request, response, Status.OK_200, target(request), ""));
        routing.post("/sign-in", this::signIn);
        routing.post("/sign-out", (request, response) -> {
            response.header(HeaderNames.SET_COOKIE, "mw_token=; Max-Age=0" + ATTRIBUTES);
            Ui.redirect(response, "/sign-in");
        });
    }

    private void signIn(ServerRequest request, ServerResponse response) {
        Map<String, String> fields = Forms.fields(request);
        String token = fields.getOrDefault("secret", "").strip();
        String to = local(fields.getOrDefault("to", "/"));
        try {
            users.byToken(token);
        } catch (Problem.Unauthenticated e) {
            form(request, response, Status.UNAUTHORIZED_401, to, String.valueOf(e.getMessage()));
            return;
        }
        response.header(HeaderNames.SET_COOKIE, "mw_token=" + token + "; Max-Age=2592000" + ATTRIBUTES);
        Ui.redirect(response, to);
    }

    private void form(ServerRequest request, ServerResponse response, Status status, String to, String error) {
        ui.page(request, response, status, "home/signin.jte", "Sign in", "", Map.of("to", to, "error", error));
    }

    private static String target(ServerRequest request) {
        return local(Http.query(request, "to").orElse("/"));
    }

    /** The target when it is a path of this server, else the first page. */
    private static String local(String to) {
        boolean own = to.startsWith("/")
                && !to.startsWith("//")
                && !to.contains("\\")
                && to.chars().allMatch(c -> c > 32);
        return own ? to : "/";
    }
}
