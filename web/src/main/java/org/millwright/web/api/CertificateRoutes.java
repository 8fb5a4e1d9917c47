package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import org.millwright.certification.Certifying;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.lineage.BundleKey;
import org.millwright.lineage.BundleKeys;
import org.millwright.lineage.Certificate;
import org.millwright.lineage.Certificates;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Certificates of assets, and the keys that sign them. */
public final class CertificateRoutes implements Routes {
    private final Certifying certifying;
    private final Certificates certificates;
    private final BundleKeys keys;
    private final Users users;
    private final Clock clock;

    public CertificateRoutes(Certifying certifying, Certificates certificates, Users users, Clock clock) {
        this.certifying = certifying;
        this.certificates = certificates;
        this.keys = certificates.keys();
        this.users = users;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/certificates", this::show);
        routing.post("/api/1/certificates", this::certify);
        routing.get("/api/1/keys", this::list);
        routing.post("/api/1/keys/rotate", this::rotate);
        routing.post("/api/1/keys/{hint}/revoke", this::revoke);
    }

    private void certify(ServerRequest request, ServerResponse response) {
        String ref = Body.of(request, "ref").text("ref");
        Http.json(response, json(certifying.certify(Http.actor(request), ref)));
    }

    private void show(ServerRequest request, ServerResponse response) {
        String ref = Http.query(request, "ref")
                .orElseThrow(() -> new Problem.Invalid("ref is missing (expected: ?ref=dataset:NAME@PERIOD/NUMBER)"));
        certifying.requireReadable(Http.actor(request), ref);
        Http.json(
                response,
                json(certificates
                        .of(ref)
                        .orElseThrow(() -> new Problem.NotFound(ref + " has no certificate", "mw certify " + ref))));
    }

    /** Public keys are for everybody who may read. */
    private void list(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        var all = Json.array();
        keys.all().forEach(key -> all.add(json(key)));
        Http.json(response, Json.object().set("keys", all));
    }

    private void rotate(ServerRequest request, ServerResponse response) {
        String reason = Body.of(request, "reason").text("reason");
        Http.json(response, json(keys.rotate(users.access(), Http.actor(request), reason)));
    }

    private void revoke(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "reason", "from");
        Instant from = body.find("from").map(CertificateRoutes::instant).orElseGet(clock::instant);
        Http.json(
                response,
                json(keys.revoke(
                        users.access(), Http.actor(request), Http.path(request, "hint"), from, body.text("reason"))));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new Problem.Invalid("from: '" + text + "' (expected: a time such as 2026-03-01T12:00:00Z)");
        }
    }

    private ObjectNode json(Certificate certificate) {
        ObjectNode json = Json.object()
                .put("subject", certificate.subject())
                .put("root", certificate.root())
                .put("statement", certificate.statement())
                .put("key", certificate.key())
                .put("by", users.nameOf(certificate.actor()))
                .put("authenticated", certificate.authenticated())
                .put("at", certificate.at());
        certificate.revocation().ifPresent(revocation -> json.put("revoked", revocation.reason()));
        return json.set("bundle", Json.parse(certificates.statement(certificate)));
    }

    private ObjectNode json(BundleKey key) {
        ObjectNode json = Json.object()
                .put("hint", key.hint())
                .put("state", key.state().text())
                .put("createdAt", key.createdAt())
                .put("pem", key.pem());
        key.retiredAt().ifPresent(at -> json.put("retiredAt", at));
        key.revocation()
                .ifPresent(revocation -> json.put("untrustedFrom", revocation.from())
                        .put("reason", revocation.reason())
                        .put("by", users.nameOf(revocation.by())));
        return json;
    }
}
