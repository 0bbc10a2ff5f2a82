/* kafka-topics: the part of Apache Kafka's bin/kafka-topics.sh that librdkafka's test suite calls, over librdkafka's own admin client.
 *   kafka-topics --bootstrap-server HOST:PORT --create --topic T [--partitions N] [--replication-factor N] [--config KEY=VALUE]...
 *   kafka-topics --bootstrap-server HOST:PORT --alter  --topic T --partitions N
 *   kafka-topics --bootstrap-server HOST:PORT --delete --topic T
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rdkafka.h"

enum { MAX_CONFIGS = 32, TIMEOUT_MS = 15000 };

static const char *servers, *topic, *configs[MAX_CONFIGS];
static int partitions = 1, replicas = 1, config_count;
static char action;

static void fail(const char *what, const char *why) {
    fprintf(stderr, "kafka-topics: %s: %s\n", what, why);
    exit(1);
}

static void parse(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--create") || !strcmp(argv[i], "--alter") || !strcmp(argv[i], "--delete")) {
            action = argv[i][2];
            continue;
        }
        if (i + 1 == argc)
            fail(argv[i], "a value is missing, or the option is unknown");
        const char *key = argv[i++], *value = argv[i];
        if (!strcmp(key, "--bootstrap-server")) servers = value;
        else if (!strcmp(key, "--topic")) topic = value;
        else if (!strcmp(key, "--partitions")) partitions = atoi(value);
        else if (!strcmp(key, "--replication-factor")) replicas = atoi(value);
        else if (!strcmp(key, "--config") && config_count < MAX_CONFIGS) configs[config_count++] = value;
        else fail(key, "unknown option");
    }
    if (!servers || !topic || !action)
        fail("usage", "--bootstrap-server, --topic and one of --create, --alter, --delete are needed");
}

static void create(rd_kafka_t *rk, rd_kafka_queue_t *queue) {
    char error[512];
    rd_kafka_NewTopic_t *wanted = rd_kafka_NewTopic_new(topic, partitions, replicas, error, sizeof(error));
    if (!wanted)
        fail(topic, error);
    for (int i = 0; i < config_count; i++) {
        char key[256];
        const char *equals = strchr(configs[i], '=');
        if (!equals || equals - configs[i] >= (long)sizeof(key))
            fail(configs[i], "not KEY=VALUE");
        snprintf(key, sizeof(key), "%.*s", (int)(equals - configs[i]), configs[i]);
        rd_kafka_NewTopic_set_config(wanted, key, equals + 1);
    }
    rd_kafka_CreateTopics(rk, &wanted, 1, NULL, queue);
    rd_kafka_NewTopic_destroy(wanted);
}

static void alter(rd_kafka_t *rk, rd_kafka_queue_t *queue) {
    char error[512];
    rd_kafka_NewPartitions_t *wanted = rd_kafka_NewPartitions_new(topic, partitions, error, sizeof(error));
    if (!wanted)
        fail(topic, error);
    rd_kafka_CreatePartitions(rk, &wanted, 1, NULL, queue);
    rd_kafka_NewPartitions_destroy(wanted);
}

static void delete(rd_kafka_t *rk, rd_kafka_queue_t *queue) {
    rd_kafka_DeleteTopic_t *unwanted = rd_kafka_DeleteTopic_new(topic);
    rd_kafka_DeleteTopics(rk, &unwanted, 1, NULL, queue);
    rd_kafka_DeleteTopic_destroy(unwanted);
}

static void check(rd_kafka_event_t *event) {
    if (!event)
        fail(topic, "no answer in time");
    if (rd_kafka_event_error(event))
        fail(topic, rd_kafka_event_error_string(event));
    size_t count = 0;
    const rd_kafka_topic_result_t **results =
        action == 'c'   ? rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
        : action == 'a' ? rd_kafka_CreatePartitions_result_topics(rd_kafka_event_CreatePartitions_result(event), &count)
                        : rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count);
    for (size_t i = 0; i < count; i++)
        if (rd_kafka_topic_result_error(results[i]))
            fail(topic, rd_kafka_err2str(rd_kafka_topic_result_error(results[i])));
}

int main(int argc, char **argv) {
    char error[512];
    parse(argc, argv);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    if (rd_kafka_conf_set(conf, "bootstrap.servers", servers, error, sizeof(error)))
        fail(servers, error);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
    if (!rk)
        fail("client", error);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    (action == 'c' ? create : action == 'a' ? alter : delete)(rk, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, TIMEOUT_MS);
    check(event);
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(rk);
    return 0;
}
