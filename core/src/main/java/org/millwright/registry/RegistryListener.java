package org.millwright.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Told of each event in the transaction that made it. */
@FunctionalInterface
interface RegistryListener {
    void happened(WebhookEvent event, ObjectNode data);
}
