#ifndef COUNCIL_LIBS_EXPORTS_EXPORTS_FOR_TEST_H_
#define COUNCIL_LIBS_EXPORTS_EXPORTS_FOR_TEST_H_

namespace council::exports {

// Made-up exports with all that is read of them.

// As Monica 4.1.2 writes it: Rosa with everything, Tom who died, Ida who has no card but is Rosa's daughter, and the
// owner's own card. With Rosa there was a call on 5 January 2024 and messages on 8 and 9 January, with Rosa and Tom a
// dinner on 3 January; a walk with Rosa lies in 2999.
inline constexpr char kMonicaExport[] = R"json({
  "version": "1.0-preview.1",
  "app_version": "4.1.2",
  "export_date": "2024-02-01T10:30:00.000000Z",
  "url": "https://monica.example",
  "exported_by": "a0000000-0000-4000-8000-000000000001",
  "account": {
    "uuid": "a0000000-0000-4000-8000-000000000000",
    "created_at": "2020-01-01T00:00:00.000000Z",
    "data": [
      {"count": 1, "type": "user", "values": [
        {"uuid": "a0000000-0000-4000-8000-000000000001", "first_name": "Mia", "email": "mia@example.com",
         "google2fa_secret": "DONOTREAD",
         "properties": {"locale": "en", "me_contact": "c0000000-0000-4000-8000-000000000009"}}]},
      {"count": 4, "type": "contact", "values": [
        {"uuid": "c0000000-0000-4000-8000-000000000001", "created_at": "2020-03-01T08:00:00.000000Z",
         "properties": {
           "first_name": "Rosa", "middle_name": "Maria", "last_name": "Lindqvist", "nickname": "Rosie",
           "description": "Knows everybody in shipping", "is_starred": true, "is_partial": false, "is_active": true,
           "is_dead": false, "job": "Head of Research", "company": "Tidewater", "food_preferences": "No shellfish",
           "last_talked_to": "2024-01-05T00:00:00.000000Z", "number_of_views": 12, "stay_in_touch_frequency": 30,
           "avatar": {"avatar_source": "default", "has_avatar": false},
           "tags": ["mentors", "sailing"], "gender": "d0000000-0000-4000-8000-000000000001",
           "birthdate": {"uuid": "e0000000-0000-4000-8000-000000000001", "is_age_based": false,
                         "is_year_unknown": true, "date": "2024-05-15T00:00:00.000000Z"},
           "first_met_date": {"uuid": "e0000000-0000-4000-8000-000000000002", "is_age_based": false,
                              "is_year_unknown": false, "date": "2010-09-01T00:00:00.000000Z"},
           "first_met_through": "c0000000-0000-4000-8000-000000000002"},
         "data": [
           {"count": 1, "type": "call", "values": [
             {"uuid": "f0000000-0000-4000-8000-000000000001", "created_at": "2024-01-05T14:10:00.000000Z",
              "properties": {"called_at": "2024-01-05T14:00:00.000000Z", "content": "Whether to take the offer",
                             "contact_called": true, "emotions": ["relief"]}}]},
           {"count": 4, "type": "contact_field", "values": [
             {"uuid": "f0000000-0000-4000-8000-000000000011",
              "properties": {"data": "rosa@tidewater.example", "type": "d0000000-0000-4000-8000-000000000011"}},
             {"uuid": "f0000000-0000-4000-8000-000000000012",
              "properties": {"data": "+46 8 123", "type": "d0000000-0000-4000-8000-000000000012"}},
             {"uuid": "f0000000-0000-4000-8000-000000000013",
              "properties": {"data": "https://www.linkedin.com/in/rosa", "type": "d0000000-0000-4000-8000-000000000013"}},
             {"uuid": "f0000000-0000-4000-8000-000000000014",
              "properties": {"data": "@rosie", "type": "d0000000-0000-4000-8000-000000000014"}}]},
           {"count": 1, "type": "debt", "values": [
             {"uuid": "f0000000-0000-4000-8000-000000000021",
              "properties": {"amount": 50, "currency": "EUR", "status": "inprogress", "in_debt": true}}]},
           {"count": 2, "type": "gift", "values": [
             {"uuid": "f0000000-0000-4000-8000-000000000022", "properties": {"name": "A book", "status": "offered"}},
             {"uuid": "f0000000-0000-4000-8000-000000000023", "properties": {"name": "A chart", "status": "idea"}}]},
           {"count": 1, "type": "note", "values": [
             {"uuid": "f0000000-0000-4000-8000-000000000031", "created_at": "2023-06-01T10:00:00.000000Z",
              "properties": {"body": "Thinks of moving to Malmö", "is_favorite": true}}]},
           {"count": 1, "type": "reminder", "values": [
             {"uuid": "f0000000-0000-4000-8000-000000000041",
              "properties": {"initial_date": "2024-05-15", "title": "Birthday", "frequency_type": "year"}}]},
           {"count": 1, "type": "task", "values": [
             {"uuid": "f0000000-0000-4000-8000-000000000042", "properties": {"title": "Send the chart"}}]},
           {"count": 1, "type": "address", "values": [
             {"uuid": "f0000000-0000-4000-8000-000000000051",
              "properties": {"name": "Home", "street": "Strandvägen 1", "city": "Stockholm", "province": null,
                             "postal_code": "11456", "latitude": 59.33, "longitude": 18.08, "country": "SE"}}]},
           {"count": 1, "type": "pet", "values": [
             {"uuid": "f0000000-0000-4000-8000-000000000061", "properties": {"name": "Buster", "category": "dog"}}]},
           {"count": 2, "type": "conversation", "values": [
             {"uuid": "f0000000-0000-4000-8000-000000000071", "properties": {
               "happened_at": "2024-01-08T00:00:00.000000Z", "messages": [
                 {"uuid": "f0000000-0000-4000-8000-000000000072",
                  "properties": {"content": "How did it go?", "written_at": "2024-01-08T00:00:00.000000Z",
                                 "written_by_me": false}},
                 {"uuid": "f0000000-0000-4000-8000-000000000073",
                  "properties": {"content": "They said yes", "written_at": "2024-01-08T00:00:00.000000Z",
                                 "written_by_me": true}},
                 {"uuid": "f0000000-0000-4000-8000-000000000074",
                  "properties": {"content": "Bravo!", "written_at": "2024-01-09T00:00:00.000000Z",
                                 "written_by_me": false}}]}},
             {"uuid": "f0000000-0000-4000-8000-000000000075", "properties": {
               "happened_at": "2024-01-08T00:00:00.000000Z", "messages": [
                 {"uuid": "f0000000-0000-4000-8000-000000000076",
                  "properties": {"content": "When do you start?", "written_at": "2024-01-08T00:00:00.000000Z",
                                 "written_by_me": false}}]}}]},
           {"count": 1, "type": "life_event", "values": [
             {"uuid": "f0000000-0000-4000-8000-000000000081",
              "properties": {"name": null, "note": "Leads twelve people now", "happened_at": "2023-08-15T00:00:00.000000Z",
                             "type": "d0000000-0000-4000-8000-000000000021"}}]},
           {"count": 2, "type": "activity", "values": [
             "b0000000-0000-4000-8000-000000000001", "b0000000-0000-4000-8000-000000000002"]}]},
        {"uuid": "c0000000-0000-4000-8000-000000000002",
         "properties": {"first_name": "Tom", "last_name": "Ash", "is_starred": false, "is_partial": false,
                        "is_active": false, "is_dead": true,
                        "birthdate": {"is_age_based": true, "is_year_unknown": false,
                                      "date": "1950-01-01T00:00:00.000000Z"},
                        "deceased_date": {"is_age_based": false, "is_year_unknown": false,
                                          "date": "2024-01-20T00:00:00.000000Z"}},
         "data": [{"count": 1, "type": "activity", "values": ["b0000000-0000-4000-8000-000000000001"]}]},
        {"uuid": "c0000000-0000-4000-8000-000000000003",
         "properties": {"first_name": "Ida", "is_partial": true, "is_active": true, "is_dead": false}, "data": []},
        {"uuid": "c0000000-0000-4000-8000-000000000009",
         "properties": {"first_name": "Mia", "is_partial": false, "is_active": true, "is_dead": false}, "data": []}]},
      {"count": 2, "type": "relationship", "values": [
        {"uuid": "b0000000-0000-4000-8000-000000000011",
         "properties": {"type": "child", "contact_is": "c0000000-0000-4000-8000-000000000003",
                        "of_contact": "c0000000-0000-4000-8000-000000000001"}},
        {"uuid": "b0000000-0000-4000-8000-000000000012",
         "properties": {"type": "parent", "contact_is": "c0000000-0000-4000-8000-000000000001",
                        "of_contact": "c0000000-0000-4000-8000-000000000003"}}]},
      {"count": 1, "type": "photo", "values": [
        {"uuid": "b0000000-0000-4000-8000-000000000021",
         "properties": {"original_filename": "rosa.png", "dataUrl": "data:image/png;base64,iVBORw0KGgo="}}]},
      {"count": 2, "type": "activity", "values": [
        {"uuid": "b0000000-0000-4000-8000-000000000001", "created_at": "2024-01-04T08:00:00.000000Z",
         "properties": {"summary": "Dinner at the harbour", "description": "Talked about the offer until late",
                        "happened_at": "2024-01-03T00:00:00.000000Z",
                        "type": "d0000000-0000-4000-8000-000000000031"}},
        {"uuid": "b0000000-0000-4000-8000-000000000002",
         "properties": {"summary": "A walk", "happened_at": "2999-01-03T00:00:00.000000Z"}}]}],
    "properties": {"journal_entries": [{"uuid": "b0000000-0000-4000-8000-000000000031", "properties": {"post": "A good day"}}],
                   "audit_logs": []},
    "instance": {
      "genders": [{"uuid": "d0000000-0000-4000-8000-000000000001", "properties": {"name": "Woman", "type": "F"}}],
      "contact_field_types": [
        {"uuid": "d0000000-0000-4000-8000-000000000011",
         "properties": {"name": "Email", "protocol": "mailto:", "type": "email"}},
        {"uuid": "d0000000-0000-4000-8000-000000000012",
         "properties": {"name": "Phone", "protocol": "tel:", "type": "phone"}},
        {"uuid": "d0000000-0000-4000-8000-000000000013", "properties": {"name": "LinkedIn"}},
        {"uuid": "d0000000-0000-4000-8000-000000000014", "properties": {"name": "Telegram", "protocol": "telegram:"}}],
      "activity_types": [
        {"uuid": "d0000000-0000-4000-8000-000000000031", "properties": {"translation_key": "ate_restaurant"}}],
      "life_event_types": [
        {"uuid": "d0000000-0000-4000-8000-000000000021", "properties": {"name": null, "translation_key": "new_job"}}]}}})json";

// As Dex writes it, with Rosa, Tom who was seen later than today, and somebody who was never seen.
inline constexpr char kDexExport[] =
    "First Name,Last Name,Job Title,Company,Emails,Phone Numbers,LinkedIn,Twitter,Location,Birthday,Groups,Notes,Last "
    "Seen At,Next Reminder At,Favorite Color\r\n"
    "Rosa,Lindqvist,Head of Research,Tidewater,\"rosa@tidewater.example, rosa@home.example\",+46 8 123,rosa,@rosie,"
    "Stockholm,1980-05-15,\"Mentors, Sailing\",\"Knows everybody\nin "
    "shipping\",2024-01-05T14:00:00.000Z,2024-03-01,blue\r\n"
    "Tom,Ash,,,tom@example.com,,,,,,,,2999-01-01,,\r\n"
    "Eva,Moos,,,,+49 30 1,,,,,,,,,\r\n"
    ",,,,,,,,,,,,,,\r\n"
    "Zoe,Zell,,,zoe@example.com,,,,,,,,long ago,,\r\n";

}  // namespace council::exports

#endif  // COUNCIL_LIBS_EXPORTS_EXPORTS_FOR_TEST_H_
