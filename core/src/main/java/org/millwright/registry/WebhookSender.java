package org.millwright.registry;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.millwright.egress.HttpPost;
import org.millwright.egress.Signature;

/** Posts to a webhook as MLflow does, to an address that the policy allows at this moment. */
final class WebhookSender {
    private final WebhookPolicy policy;

    WebhookSender(WebhookPolicy policy) {
        this.policy = policy;
    }

    /** Sends the body, signed when there is a secret. */
    HttpPost.Answer send(String url, String body, String deliveryId, long unixSeconds, Optional<String> secret)
            throws IOException {
        URI target = policy.parsed(url);
        var headers = new LinkedHashMap<String, String>();
        headers.put("X-MLflow-Delivery-Id", deliveryId);
        headers.put("X-MLflow-Timestamp", Long.toString(unixSeconds));
        secret.ifPresent(key -> headers.put(
                "X-MLflow-Signature",
                Signature.of(key.getBytes(StandardCharsets.UTF_8), deliveryId, unixSeconds, body)));
        return HttpPost.send(
                target, policy.address(target), headers, body.getBytes(StandardCharsets.UTF_8), policy.timeout());
    }
}
