// Import and export through the service's handlers.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "libs/base/status.h"
#include "libs/exports/exports_for_test.h"
#include "services/contacts/service_for_test.h"

namespace council::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using ContactFilesTest = ServiceTest;

std::string Card(const std::string& properties) {
  return absl::StrCat("BEGIN:VCARD\r\nVERSION:3.0\r\n", properties, "END:VCARD\r\n");
}

constexpr char kLinkedIn[] =
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    "Anna,Berger,https://www.linkedin.com/in/anna,,Acme,Partner,12 Mar 2024\n"
    "Tom,Ash,https://www.linkedin.com/in/tom,tom@example.com,Widgets,CTO,1 Sep 2019\n";

TEST_F(ContactFilesTest, TheSameFileTwiceCreatesNothingNew) {
  for (const std::string& file :
       {std::string(kLinkedIn),
        Card("FN:A\r\nEMAIL:a@example.com\r\n") + Card("FN:B\r\nTEL:1234567\r\n") + Card("FN:C\r\nUID:c\r\n")}) {
    const auto first = Import(file);
    ASSERT_TRUE(first.ok()) << first.status();
    EXPECT_GT(first->created(), 0);
    const auto again = Import(file);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->created(), 0);
    EXPECT_EQ(again->updated(), 0);
    EXPECT_EQ(again->unchanged(), first->created());
    EXPECT_THAT(again->skipped(), IsEmpty());
  }
  EXPECT_THAT(Names(), ElementsAre("A", "Anna Berger", "B", "C", "Tom Ash"));
}

TEST_F(ContactFilesTest, AnUpdateOnlyFillsIn) {
  v1::Contact anna = Create("Anna", "anna@example.com");
  anna.set_title("My own words");
  anna.clear_etag();
  ASSERT_TRUE(Update(anna, {"title"}).ok());
  const auto imported =
      Import(Card("FN:Dr. Anna Berger\r\nEMAIL:ANNA@example.com\r\nEMAIL:home@example.com\r\nTITLE:Head\r\n"
                  "ORG:Acme\r\nUID:uid-1\r\n"));
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->updated(), 1);
  const v1::Contact filled = *Get(anna.id());
  EXPECT_EQ(filled.display_name(), "Anna");
  EXPECT_EQ(filled.title(), "My own words");
  EXPECT_EQ(filled.organization(), "Acme");
  EXPECT_EQ(filled.facets().at("organization"), "Acme");
  EXPECT_THAT(filled.emails(), ElementsAre("anna@example.com", "home@example.com"));

  const auto by_uid = Import(Card("FN:Anna Moved\r\nEMAIL:new@example.com\r\nUID:uid-1\r\n"));
  ASSERT_TRUE(by_uid.ok());
  EXPECT_EQ(by_uid->updated(), 1);
  EXPECT_THAT(Names(), ElementsAre("Anna"));
}

TEST_F(ContactFilesTest, TwoPeopleWhoShareAnAddressStayTwo) {
  const std::string file =
      Card("FN:Anna Berger\r\nEMAIL:office@example.com\r\n") + Card("FN:Tom Ash\r\nEMAIL:office@example.com\r\n");
  EXPECT_EQ(Import(file)->created(), 2);
  EXPECT_EQ(Import(file)->unchanged(), 2);
  EXPECT_THAT(Names(), ElementsAre("Anna Berger", "Tom Ash"));
}

TEST_F(ContactFilesTest, PeopleOfOneNameAndOtherUidsStayTwo) {
  const std::string file =
      absl::StrReplaceAll(kLinkedIn, {{"Tom,Ash,https://www.linkedin.com/in/tom,tom@example.com,Widgets",
                                       "Anna,Berger,https://www.linkedin.com/in/anna-2,,Acme"}});
  EXPECT_EQ(Import(file)->created(), 2);
  EXPECT_EQ(Import(file)->unchanged(), 2);
}

TEST_F(ContactFilesTest, AProfileIsOfTheContactWithItsNameAndOrganizationAndRemembered) {
  ASSERT_TRUE(Import(Card("FN:Anna Berger\r\nORG:Acme\r\nUID:card-1\r\n")).ok());
  const auto first = Import(kLinkedIn);
  EXPECT_EQ(first->created(), 1) << "Tom";
  EXPECT_EQ(first->updated(), 1) << "Anna";
  const std::string moved = absl::StrReplaceAll(kLinkedIn, {{"Acme", "Another"}});
  EXPECT_EQ(Import(moved)->unchanged(), 2) << "known by the profile, wherever she works";
  EXPECT_EQ(Import(Card("FN:Anna B.\r\nUID:card-1\r\n"))->unchanged(), 1);
}

TEST_F(ContactFilesTest, AMergedContactIsFoundByWhatItWas) {
  const std::string file = Card("FN:Anna Berger\r\nUID:1\r\n") + Card("FN:A. B.\r\nUID:2\r\n") + Card("FN:Annie\r\n");
  ASSERT_TRUE(Import(file).ok());
  v1::ListContactsRequest list;
  const auto all = service_->ListContacts(Call(), list);
  ASSERT_THAT(all->contacts(), SizeIs(3));
  v1::MergeContactsRequest merge;
  merge.set_into_id(all->contacts(0).id());
  merge.add_from_ids(all->contacts(1).id());
  merge.add_from_ids(all->contacts(2).id());
  ASSERT_TRUE(service_->MergeContacts(Call(), merge).ok());
  EXPECT_EQ(Import(file)->created(), 0);
  EXPECT_THAT(Names(), SizeIs(1));
}

TEST_F(ContactFilesTest, ExportsOfMonicaAndDexComeInOnceAndAreAboutTheSamePeople) {
  EXPECT_EQ(Import(exports::kMonicaExport)->created(), 2);
  EXPECT_EQ(Import(exports::kMonicaExport)->unchanged(), 2);
  const auto dex = Import(exports::kDexExport);
  ASSERT_TRUE(dex.ok()) << dex.status();
  EXPECT_EQ(dex->format(), v1::CONTACT_FORMAT_DEX_CSV);
  EXPECT_EQ(dex->created(), 2);
  EXPECT_EQ(dex->updated(), 2) << "Rosa by her address, Tom by his name";
  EXPECT_EQ(Import(exports::kDexExport)->unchanged(), 4);
  EXPECT_EQ(Import(exports::kMonicaExport)->unchanged(), 2);
  EXPECT_THAT(Names(), ElementsAre("Eva Moos", "Rosa Maria Lindqvist", "Tom Ash", "Zoe Zell"));
}

TEST_F(ContactFilesTest, RecordsThatCannotBeReadAreNamedByLine) {
  const auto imported = Import(Card("FN:A\r\n") + Card("NOTE:nobody\r\n") + Card("FN:B\r\n"));
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->created(), 2);
  ASSERT_THAT(imported->skipped(), SizeIs(1));
  EXPECT_EQ(imported->skipped(0).line(), 5);
  EXPECT_THAT(imported->skipped(0).reason(), HasSubstr("no name"));
}

TEST_F(ContactFilesTest, OnesOwnCardMakesNoContact) {
  v1::UpdateSettingsRequest settings;
  settings.mutable_settings()->add_own_emails("Me@example.com");
  settings.mutable_update_mask()->add_paths("own_emails");
  ASSERT_TRUE(service_->UpdateSettings(Call(), settings).ok());
  const auto imported = Import(Card("FN:Me\r\nEMAIL:me@example.com\r\n"));
  EXPECT_EQ(imported->created(), 0);
  EXPECT_EQ(imported->unchanged(), 1);
  EXPECT_THAT(imported->skipped(), IsEmpty());
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_F(ContactFilesTest, ADryRunChangesNothing) {
  v1::ImportContactsOptions options;
  options.set_dry_run(true);
  const auto told = Import(kLinkedIn, options);
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(told->created(), 2);
  EXPECT_EQ(told->format(), v1::CONTACT_FORMAT_LINKEDIN_CSV);
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_EQ(service_->GetRevision(Call(), {})->revision(), 0);
}

TEST_F(ContactFilesTest, AnyTableIsImportedAsItsColumnsAreNamed) {
  v1::ImportContactsOptions options;
  options.set_format(v1::CONTACT_FORMAT_CSV);
  auto& columns = *options.mutable_columns();
  columns["Name"] = "display_name";
  columns["Mail"] = "email";
  columns["Trade"] = "facet.industry";
  const std::string table = "Name,Mail,Trade\nAnna,anna@example.com,energy\nTom,,\n";
  EXPECT_EQ(Import(table, options)->created(), 2);
  EXPECT_EQ(Import(table, options)->unchanged(), 2);
  EXPECT_THAT(Names(), ElementsAre("Anna", "Tom"));

  columns["Trade"] = "facet.religion";
  const absl::Status facet = Import(table, options).status();
  EXPECT_EQ(base::BadRequestOf(facet).field_violations(0).field(), "options.columns[\"Trade\"].facets[\"religion\"]");
  columns["Trade"] = "facet.generation";
  EXPECT_EQ(Import(table, options).status().code(), absl::StatusCode::kInvalidArgument) << "needs consent";
  options.set_format(v1::CONTACT_FORMAT_VCARD);
  EXPECT_EQ(base::BadRequestOf(Import(Card("FN:A\r\n"), options).status()).field_violations(0).field(),
            "options.columns");
}

TEST_F(ContactFilesTest, NotesAboutAPersonMakeOneContactHoweverOftenTheyAreImported) {
  v1::ImportContactsOptions options;
  options.set_format(v1::CONTACT_FORMAT_MARKDOWN);
  options.set_file_name("Anna Berger.md");
  EXPECT_EQ(Import("Sails.\n\n2026-03-14 lunch\n", options)->created(), 1);
  EXPECT_EQ(Import("Sails.\n\n2026-03-14 lunch\n2026-04-01 call\n", options)->unchanged(), 1);
  const auto known = Import("---\nemail: anna@example.com\ntags: [mentor]\n---\nSails.\n", options);
  EXPECT_EQ(known->updated(), 1);
  v1::ListContactsRequest list;
  list.set_filter("mentor");
  const auto listed = service_->ListContacts(Call(), list);
  ASSERT_EQ(listed->contacts_size(), 1);
  EXPECT_EQ(listed->contacts(0).display_name(), "Anna Berger");
  EXPECT_EQ(listed->contacts(0).notes(), "Sails.");
  EXPECT_EQ(Import("---\n- nobody\n---\n", options).status().code(), absl::StatusCode::kInvalidArgument);
  options.set_file_name(std::string(256, 'x'));
  EXPECT_EQ(base::BadRequestOf(Import("Sails.\n", options).status()).field_violations(0).field(), "options.file_name");
}

TEST_F(ContactFilesTest, TagsOfTheImportGoToNewContactsOnly) {
  const v1::Contact tom = Create("Tom Ash", "tom@example.com");
  v1::ImportContactsOptions options;
  options.add_tags("linkedin");
  ASSERT_TRUE(Import(kLinkedIn, options).ok());
  EXPECT_THAT(Get(tom.id())->tags(), IsEmpty());
  v1::ListContactsRequest list;
  list.set_filter("linkedin");
  EXPECT_EQ(service_->ListContacts(Call(), list)->total_size(), 1);
}

TEST_F(ContactFilesTest, LargeFilesAreTakenInBatches) {
  std::string file;
  for (int i = 0; i < 1'234; ++i) absl::StrAppend(&file, Card(absl::StrCat("FN:Contact ", i, "\r\nUID:", i, "\r\n")));
  EXPECT_EQ(Import(file)->created(), 1'234);
  EXPECT_EQ(Import(file)->unchanged(), 1'234);
}

TEST_F(ContactFilesTest, FileWithMoreRecordsThanAnyAddressBookIsRefused) {
  std::string file;
  for (int i = 0; i <= 100'000; ++i) file += "BEGIN:VCARD\nFN:Same\nEND:VCARD\n";
  v1::ImportContactsOptions options;
  options.set_dry_run(true);
  const absl::Status refused = Import(file, options).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(base::ReasonOf(refused), common::v1::ERROR_REASON_LIMIT_EXCEEDED);
}

TEST_F(ContactFilesTest, StreamsThatAreNotAsAskedAreRefused) {
  v1::ImportContactsRequest chunk;
  chunk.set_chunk("x");
  v1::ImportContactsRequest options;
  options.mutable_options();
  v1::ImportContactsRequest large;
  large.set_chunk(std::string((1 << 20) + 1, 'x'));
  for (const auto& requests : std::vector<std::vector<v1::ImportContactsRequest>>{
           {}, {chunk}, {options, options}, {options, large}, {options, chunk}}) {
    ListReader<v1::ImportContactsRequest> reader(requests);
    EXPECT_EQ(service_->ImportContacts(Call(), reader).status().code(), absl::StatusCode::kInvalidArgument);
  }
  large.mutable_chunk()->resize(1 << 20);
  std::vector<v1::ImportContactsRequest> many(66, large);
  many[0] = options;
  ListReader<v1::ImportContactsRequest> reader(many);
  EXPECT_EQ(base::ReasonOf(service_->ImportContacts(Call(), reader).status()), common::v1::ERROR_REASON_LIMIT_EXCEEDED);
}

TEST_F(ContactFilesTest, AnExportImportsBackEqual) {
  ASSERT_TRUE(
      Import(absl::StrCat(Card("FN:Anna\r\nORG:Acme;R&D\r\nADR:;;;Berlin;;;Germany\r\nNOTE:x\\, y\r\nTZ:+1\r\n"),
                          Card("FN:Tom\r\nEMAIL:tom@example.com\r\nCATEGORIES:a,b\r\n")))
          .ok());
  const std::string exported = Export(v1::CONTACT_FORMAT_UNSPECIFIED);
  EXPECT_THAT(exported, HasSubstr("VERSION:4.0"));
  const auto again = Import(exported);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->unchanged(), 2);

  std::vector<v1::ImportContactsRequest> requests(2);
  requests[0].mutable_options();
  requests[1].set_chunk(exported);
  ListReader<v1::ImportContactsRequest> reader(requests);
  ASSERT_TRUE(service_->ImportContacts(Call("tom"), reader).ok());
  v1::ExportContactsRequest request;
  ChunkWriter<v1::ExportContactsResponse> writer;
  ASSERT_TRUE(service_->ExportContacts(Call("tom"), request, writer).ok());
  EXPECT_EQ(writer.text, exported) << "another owner's import gives the same contacts";
  EXPECT_THAT(Export(v1::CONTACT_FORMAT_JSON), HasSubstr("\"displayName\":\"Anna\""));
}

TEST_F(ContactFilesTest, AKeptNameGoesWhenTheContactIsRenamed) {
  ASSERT_TRUE(Import(Card("FN:Anna Berger\r\nN:Berger;Anna;;;\r\n")).ok());
  v1::Contact anna = service_->ListContacts(Call(), {})->contacts(0);
  ASSERT_THAT(anna.vcard_properties(), SizeIs(1));
  anna.set_display_name("Anna Klein");
  EXPECT_THAT(Update(anna, {"display_name"})->contact().vcard_properties(), IsEmpty());
}

TEST_F(ContactFilesTest, RealAddressBooksAreImportedOnce) {
  const char* source = std::getenv("COUNCIL_SOURCE_DIR");
  const auto folder = std::filesystem::path(source == nullptr ? "." : source) / ".." / "shared" / "data" / "import";
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << "no real address books at $COUNCIL_SOURCE_DIR/../shared/data/import";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".vcf") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    const auto first = Import(bytes);
    ASSERT_TRUE(first.ok()) << entry.path() << first.status();
    EXPECT_THAT(first->skipped(), IsEmpty()) << entry.path();
    const auto again = Import(bytes);
    EXPECT_EQ(again->created() + again->updated(), 0) << entry.path();
  }
}

}  // namespace
}  // namespace council::contacts
